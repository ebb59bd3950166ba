import type { LoggedText, Message, MessagePart, Round, ToolCall } from '@contract'

/*
 * A log repeats itself: an agent sends the assistant's last answer back as a message, the gateway copies the last
 * message into `question`, and some log the answer among the messages too. Here it is decided, purely, what of a round
 * is said for the first time and what is a repetition of something the reader has just seen.
 */

/** A message that only repeats what is shown elsewhere. */
interface Repeat {
  readonly what: 'answer' | 'calls' | 'reasoning'
  /** The round it is shown in; the round itself when the log holds its own answer among its messages. */
  readonly round: number
  readonly message: Message
}

export interface ShownMessage {
  readonly message: Message
  /** The parts not already shown elsewhere. */
  readonly parts: readonly MessagePart[]
  /** The log names this very text as the round's question. */
  readonly isQuestion: boolean
}

export interface RoundView {
  readonly messages: readonly ShownMessage[]
  readonly repeats: readonly Repeat[]
  /** The question, when no new message says it. */
  readonly question: LoggedText | null
  /** The earlier round whose question this one's repeats. */
  readonly sameQuestionAs: number | null
  /** Name of the tool each call id in sight belongs to. */
  readonly toolNames: ReadonlyMap<string, string>
}

const TRUNCATION = '[truncated]'

const squeeze = (text: string): string => text.replace(/\s+/g, ' ').trim()

/** Equal but for white space; where the gateway cut one of them, its head and tail must be the other's. */
export function sameText(a: string, b: string): boolean {
  if (beginOtherwise(a, b)) return false
  const left = squeeze(a)
  const right = squeeze(b)
  if (left === '' || right === '') return false
  if (left === right) return true
  return matchesCut(left, right) || matchesCut(right, left)
}

/** Characters looked at before a whole text is: most texts that differ do so at once, and some have megabytes. */
const EDGE = 400

/** Whether the texts differ where they begin, or end if neither was cut. False where that can't be told from so little. */
function beginOtherwise(a: string, b: string): boolean {
  if (a.length < EDGE && b.length < EDGE) return false
  const [left, right] = [squeeze(a.slice(0, EDGE)), squeeze(b.slice(0, EDGE))]
  const mark = Math.min(...[left, right].map((text) => text.indexOf(TRUNCATION)).filter((at) => at >= 0))
  // Up to where a mark, or the space before it, may begin.
  const known = Math.min(left.length - TRUNCATION.length, right.length - TRUNCATION.length, mark) - 1
  if (left.slice(0, Math.max(0, known)) !== right.slice(0, Math.max(0, known))) return true
  if (a.includes(TRUNCATION) || b.includes(TRUNCATION)) return false
  // One of them is here whole, and the other one's beginning alone is longer.
  if ((b.length <= EDGE && left.length > right.length) || (a.length <= EDGE && right.length > left.length)) return true
  const ends = [squeeze(a.slice(-EDGE)), squeeze(b.slice(-EDGE))] as const
  const shorter = Math.max(0, Math.min(ends[0].length, ends[1].length) - 1)
  return ends[0].slice(ends[0].length - shorter) !== ends[1].slice(ends[1].length - shorter)
}

function matchesCut(cut: string, whole: string): boolean {
  const at = cut.indexOf(TRUNCATION)
  if (at < 0) return false
  const head = cut.slice(0, at).trimEnd()
  const tail = cut.slice(at + TRUNCATION.length).trimStart()
  // A mark without enough text around it would match anything.
  if (head.length + tail.length < 24) return false
  return whole.length >= head.length + tail.length && whole.startsWith(head) && whole.endsWith(tail)
}

/** Ids alone do not tell: some providers count their calls anew in every answer. */
function sameCall(a: ToolCall, b: ToolCall): boolean {
  const known = a.id !== null && b.id !== null
  if ((known && a.id !== b.id) || a.name !== b.name) return false
  return (known && (a.truncated || b.truncated)) || sameArguments(a.arguments, b.arguments)
}

function sameArguments(a: string, b: string): boolean {
  if (squeeze(a) === squeeze(b)) return true
  try {
    return inOrder(a) === inOrder(b)
  } catch {
    return false
  }
}

/** JSON whose objects have their names in order: what a client re-sends it may have taken apart. None is an empty object. */
function inOrder(text: string): string {
  const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
  return JSON.stringify(value, (_, inner: unknown) =>
    typeof inner === 'object' && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
      : inner,
  )
}

function repeatsPart(part: MessagePart, round: Round): Repeat['what'] | null {
  switch (part.kind) {
    case 'text':
      return round.answer !== null && sameText(part.text, round.answer.text) ? 'answer' : null
    case 'reasoning':
      return round.reasoning !== null && sameText(part.text, round.reasoning.text) ? 'reasoning' : null
    case 'tool_call':
      return round.toolCalls.some((call) => sameCall(call, part.call)) ? 'calls' : null
    case 'image':
    case 'tool_result':
    case 'other':
      return null
  }
}

const isAssistant = (message: Message): boolean => message.role === 'assistant' || message.role === 'model'

const isEmptyText = (part: MessagePart): boolean =>
  (part.kind === 'text' || part.kind === 'reasoning') && part.text.trim() === ''

/** `earlier` are rounds before this one, the nearest last; as many as are at hand. */
export function viewRound(round: Round, earlier: readonly Round[]): RoundView {
  const sources = [round, ...[...earlier].reverse()]
  const messages: { message: Message; parts: readonly MessagePart[]; isQuestion: boolean }[] = []
  const repeats: Repeat[] = []

  for (const message of round.newMessages) {
    const parts = message.parts.filter((part) => !isEmptyText(part))
    if (isAssistant(message) && parts.length > 0) {
      const repeat = findRepeat(message, parts, sources)
      if (repeat !== null) {
        repeats.push(repeat.repeat)
        if (repeat.rest.length > 0) messages.push({ message, parts: repeat.rest, isQuestion: false })
        continue
      }
    }
    messages.push({ message, parts, isQuestion: false })
  }

  const question = round.question !== null && round.question.text.trim() !== '' ? round.question : null
  let shownQuestion = question
  let sameQuestionAs: number | null = null
  if (question !== null) {
    const said = messages.findLast(({ message, parts }) => !isAssistant(message) && saysText(parts, question.text))
    if (said !== undefined) {
      said.isQuestion = said.message.role === 'user'
      shownQuestion = null
    } else {
      const before = [...earlier]
        .reverse()
        .find((other) => other.question !== null && sameText(other.question.text, question.text))
      if (before !== undefined) {
        sameQuestionAs = before.round
        shownQuestion = null
      }
    }
  }

  return { messages, repeats, question: shownQuestion, sameQuestionAs, toolNames: collectToolNames(round, earlier) }
}

/** The first round all of whose matching is with one round: an assistant's turn is repeated as a whole. */
function findRepeat(
  message: Message,
  parts: readonly MessagePart[],
  sources: readonly Round[],
): { repeat: Repeat; rest: readonly MessagePart[] } | null {
  for (const source of sources) {
    const found = parts.map((part) => repeatsPart(part, source))
    const kinds = new Set(found.filter((what) => what !== null))
    if (kinds.size === 0) continue
    const what = kinds.has('answer') ? 'answer' : kinds.has('calls') ? 'calls' : 'reasoning'
    return {
      repeat: { what, round: source.round, message },
      rest: parts.filter((_, index) => found[index] === null),
    }
  }
  return null
}

function saysText(parts: readonly MessagePart[], text: string): boolean {
  const texts = parts.flatMap((part) => (part.kind === 'text' || part.kind === 'tool_result' ? [part.text] : []))
  return texts.some((one) => sameText(one, text)) || sameText(texts.join('\n'), text)
}

/** Of the calls that results in `round` may answer: what its own answer calls comes after them, even under the same id. */
function collectToolNames(round: Round, earlier: readonly Round[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  const note = (calls: readonly ToolCall[]): void => {
    for (const call of calls) if (call.id !== null) names.set(call.id, call.name)
  }
  const inMessages = ({ newMessages }: Round): readonly ToolCall[] =>
    newMessages.flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'tool_call' ? [part.call] : [])))
  for (const one of earlier) {
    note(inMessages(one))
    note(one.toolCalls)
  }
  note(inMessages(round))
  return names
}

export type Tone = 'error' | 'normal'

/** Whether the request failed, by what the gateway logged of it. */
export function roundTone(round: Round): Tone {
  if (round.responseType?.toLowerCase() === 'error') return 'error'
  const code = Number(round.responseCode)
  return Number.isInteger(code) && (code >= 400 || code === 0) && round.responseCode !== null ? 'error' : 'normal'
}

/** Stable over refetches and over later rounds being put before it. */
export const roundKey = (round: Round): string => `${round.origin.path}\n${round.origin.offset}`

export const detailsKey = (round: Round): string => `details:${roundKey(round)}`

/**
 * How many messages that the round before had sent, this one left out or replaced; null where it goes on from all of
 * them, or where that round is not among `earlier`. Rounds whose messages can't be read are passed over.
 */
export function droppedMessages(round: Round, earlier: readonly Round[]): number | null {
  const sent = ({ keptMessages, newMessages }: Round): number => keptMessages + newMessages.length
  let before: Round | undefined = round
  do {
    const number: number = before.round - 1
    before = earlier.findLast((other) => other.round === number)
  } while (before !== undefined && sent(before) === 0)
  if (before === undefined || sent(round) === 0) return null
  const sentBefore = sent(before)
  // What is kept of another round than the one before says nothing of what is kept of that one: of its own history, none.
  const kept = round.keptFromRound === before.round ? round.keptMessages : 0
  if (kept >= sentBefore) return null
  return round.keptFromRound === before.round || round.keptMessages === 0 ? sentBefore - kept : null
}

/** The lines that are shown of a long text at first. */
export function preview(text: string, characters: number, lines: number): string | null {
  let end = -1
  for (let line = 0; line < lines; line++) {
    const next = text.indexOf('\n', end + 1)
    if (next < 0 || next > characters) {
      end = -1
      break
    }
    end = next
  }
  if (end >= 0 && text.slice(end).trim() !== '') return text.slice(0, end)
  if (text.length <= characters) return null
  // Not in the middle of a surrogate pair.
  const last = text.charCodeAt(characters - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? characters - 1 : characters)
}
