import { systemCode } from '../engine/errors'

/** Prints a value as JSON, on lines a person can read. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
}

/** Prints rows under headings, columns as wide as their widest cell; numbers (as `right`) to the right. */
export function printTable(
  headings: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[],
): void {
  const safe = rows.map((row) => row.map(printable))
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...safe.map((row) => row[column]?.length ?? 0)),
  )
  for (const row of [headings, ...safe]) {
    const cells = row.map((cell, column) =>
      right.includes(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    )
    process.stdout.write(`${cells.join('  ').trimEnd()}\n`)
  }
}

/** Log text on a terminal: control characters could move the cursor or worse, so they are shown as escapes. */
export function printable(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, (char) => {
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
  process.stdout.on('error', (error: unknown) => {
    if (systemCode(error) === 'EPIPE') process.exit(0)
    throw error
  })
}
