import { systemCode } from '../../shared/system-errors'

/** Prints a value as JSON, on lines a person can read. */
export function printJson(value: unknown): void {
  printJsonText(`${JSON.stringify(value, null, 2)}\n`)
}

/**
 * Prints JSON that is made already, whole or a piece of it. JSON leaves DEL, the C1 controls (U+009B begins a terminal's
 * commands) and what turns the direction of writing as they are; as escapes they mean the same to whoever parses it.
 */
export function printJsonText(text: string): void {
  process.stdout.write(printable(text))
}

/** One line for a person; log text in it is made harmless. `heading` stands out before it. */
export function printLine(line = '', heading = ''): void {
  process.stdout.write(`${bold(onOneLine(heading))}${onOneLine(line)}\n`)
}

/** As `printable`; a line break in an id or a name can't begin a line that looks like one of ours. */
export function onOneLine(text: string): string {
  return printable(text).replaceAll('\n', ' ')
}

/** Remarks beside the data. */
export function remark(message: string, stream: { write: (text: string) => unknown } = process.stderr): void {
  stream.write(`${printable(message).replace(/\s*\n\s*/g, ' ')}\n`)
}

/** Prints rows under headings, columns as wide as their widest cell; those named in `right` to the right. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): void {
  for (const line of tableLines(headings, rows, right)) process.stdout.write(`${line}\n`)
}

/** The lines of such a table; its heading stands out on a terminal. */
export function tableLines(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): string[] {
  const safe = rows.map((row) => row.map((cell) => onOneLine(cell).replaceAll('\t', ' ')))
  const widths = headings.map((heading, column) =>
    safe.reduce((widest, row) => Math.max(widest, width(row[column] ?? '')), width(heading)),
  )
  const lines = [headings, ...safe].map((row) =>
    row
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - width(cell)))
        return right.includes(column) ? padding + cell : cell + padding
      })
      .join('  ')
      .trimEnd(),
  )
  const [first, ...rest] = lines
  return [bold(first ?? ''), ...rest]
}

/** Stands out on a terminal that shows such things; elsewhere it is what it is. */
export function bold(text: string): string {
  return styled() ? `\u001b[1m${text}\u001b[22m` : text
}

export function dim(text: string): string {
  return styled() ? `\u001b[2m${text}\u001b[22m` : text
}

/** https://no-color.org */
function styled(): boolean {
  return process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '' && process.env['TERM'] !== 'dumb'
}

/** Columns a text takes on a terminal: East Asian characters and emoji take two. */
function width(text: string): number {
  let columns = 0
  for (const char of text) columns += WIDE.test(char) ? 2 : 1
  return columns
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}]/u

/** At most `columns` columns of a text, its cut end marked. */
export function shortened(text: string, columns: number): string {
  if (width(text) <= columns) return text
  let kept = ''
  for (const char of text) {
    if (width(kept) + width(char) > columns - 1) break
    kept += char
  }
  return `${kept}…`
}

/** Log text on a terminal: control characters could move the cursor or worse, so they are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, (char) => {
    return `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`
  })
}

/** USD with enough digits for small sums; "unknown" where it is not known, and "+ N unknown" where N rounds' is not. */
export function money(usd: number | null, unpricedRounds = 0): string {
  if (usd === null) return 'unknown'
  const sum = `$${usd.toFixed(usd !== 0 && usd < 0.01 ? 6 : 4)}`
  return unpricedRounds === 0 ? sum : `${sum} + ${String(unpricedRounds)} unknown`
}

/** `| head -1` closes our output early: that is no failure. */
export function quietOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: unknown) => {
      if (systemCode(error) === 'EPIPE') process.exit(0)
      throw error
    })
  }
}
