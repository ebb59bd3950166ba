import { diffLines } from 'diff'
import type { Message, ParameterChange, RequestDiff } from '@contract'

/** One message of either request, or the same place of both with what differs. */
export type MessageChange =
  | { readonly kind: 'removed' | 'added'; readonly message: Message }
  | { readonly kind: 'changed'; readonly role: string; readonly lines: readonly LineChange[] }

export interface LineChange {
  readonly kind: 'same' | 'removed' | 'added'
  readonly text: string
}

/** Texts longer than this together are not compared line by line. */
const LONGEST = 200_000
/** Unchanged lines shown around a change. */
const AROUND = 3

/**
 * What the messages after the common ones tell: those at the same place, said by the same role and sharing lines, were
 * edited; the others were taken out or put in. Pure.
 */
export function messageChanges({ removed, added }: Pick<RequestDiff, 'removed' | 'added'>): readonly MessageChange[] {
  const changes: MessageChange[] = []
  let out: MessageChange[] = []
  let into: MessageChange[] = []
  const flush = (): void => {
    changes.push(...out, ...into)
    out = []
    into = []
  }
  for (let index = 0; index < Math.max(removed.length, added.length); index++) {
    const before = removed[index]
    const after = added[index]
    // An edit in the middle of a history leaves the messages after it where they were.
    const lines =
      before === undefined || after === undefined || before.role !== after.role
        ? null
        : editedLines(textOf(before), textOf(after))
    if (lines !== null && after !== undefined) {
      flush()
      if (lines.some((line) => line.kind !== 'same')) changes.push({ kind: 'changed', role: after.role, lines })
      continue
    }
    if (before !== undefined) out.push({ kind: 'removed', message: before })
    if (after !== undefined) into.push({ kind: 'added', message: after })
  }
  flush()
  return changes
}

/**
 * A parameter's two values line by line, JSON written out so that a tool put in is lines put in; a value that was not
 * there has no lines. Pure.
 */
export function parameterLines({ before, after }: ParameterChange): readonly LineChange[] {
  const left = before === null ? '' : writtenOut(before)
  const right = after === null ? '' : writtenOut(after)
  const common = before === null || after === null ? null : editedLines(left, right)
  if (common !== null) return common
  const whole = (kind: 'removed' | 'added', text: string): LineChange[] => (text === '' ? [] : [{ kind, text }])
  return [...whole('removed', left), ...whole('added', right)]
}

function writtenOut(value: string): string {
  if (!/^[[{]/.test(value)) return `${value}\n`
  try {
    return `${JSON.stringify(JSON.parse(value), null, 2)}\n`
  } catch {
    return `${value}\n`
  }
}

/** Null when the two have no line in common, or are too long to be compared. */
function editedLines(before: string, after: string): readonly LineChange[] | null {
  if (before.length + after.length > LONGEST) return null
  const parts = diffLines(before, after, { timeout: 300 })
  if (parts === undefined || !parts.some((part) => !part.added && !part.removed && part.value.trim() !== ''))
    return null
  return parts.map((part, index) => ({
    kind: part.added ? 'added' : part.removed ? 'removed' : 'same',
    text: part.added || part.removed ? part.value : shortened(part.value, index === 0, index === parts.length - 1),
  }))
}

/** The lines of an unchanged part that are next to a change. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const lines = text.replace(/\n$/, '').split('\n')
  const head = isFirst ? 0 : AROUND
  const tail = isLast ? 0 : AROUND
  if (lines.length <= head + tail + 1) return text
  return [...lines.slice(0, head), '⋯', ...lines.slice(lines.length - tail)].join('\n') + '\n'
}

function textOf(message: Message): string {
  const texts = message.parts.map((part) => {
    switch (part.kind) {
      case 'text':
      case 'reasoning':
      case 'tool_result':
        return part.text
      case 'tool_call':
        return `${part.call.name} ${part.call.arguments}`
      case 'image':
        return part.dataUrl ?? part.remoteUrl ?? ''
      case 'other':
        return part.json
    }
  })
  return `${texts.join('\n')}\n`
}
