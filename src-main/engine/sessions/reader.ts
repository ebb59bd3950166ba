import type {
  FindMatch,
  Message,
  OutlineRound,
  ParameterChange,
  RawLine,
  RequestContext,
  RequestContextQuery,
  RequestDiff,
  RoundRef,
  SessionFindPage,
  SessionFindQuery,
  SessionOutlinePage,
  SessionOutlineQuery,
  ToolCall,
} from '../../contract/index'
import type { RequestRecord } from '../archive/records'
import { EngineError } from '../base/errors'
import { readableRoundBefore, roundRows } from '../index/queries/rounds'
import type { SessionIndex } from '../index/tables/session-index'
import type { Json } from '../base/json'
import { readMessage, readToolCall } from '../parse/messages'
import { readMessages, readParameters, readRequest } from '../parse/request'
import { fold } from '../../shared/fold'
import { spelledOut } from '../search/texts'
import type { Conversations } from './conversations'

/** The sources of a session's requests. */
export interface ReaderSources {
  readonly index: SessionIndex
  readonly conversations: Conversations
  /** Path of the log file with this id; empty when unknown. */
  readonly pathOf: (fileId: number) => string
}

/** Maximum messages of a difference, on each side. */
const MOST_MESSAGES = 200
/** Time slice of a search or outline, ms; the caller then asks again. */
const SLICE_MS = 25
/** Rounds looked up in the index at a time. */
const BATCH = 64
/** Characters shown before and after a match. */
const AROUND = 48

/** The last messages that a request sent. */
export function requestContext(sources: ReaderSources, session: number, query: RequestContextQuery): RequestContext {
  const seq = seqOf(sources, session, query)
  const record = sources.conversations.request(seq)
  const sent = sources.conversations.messages(seq, query.last)
  return {
    total: record.messages === null ? 0 : record.kept + record.messages.length,
    messages: (sent?.messages ?? []).slice(-query.last).map(readMessage),
    lostMessages: sent?.lostMessages ?? 0,
  }
}

/** A request's line as it was in the log. Throws `corrupt` when part of it is lost. */
export function rawLine(sources: ReaderSources, session: number, ref: RoundRef): RawLine {
  const seq = seqOf(sources, session, ref)
  const frame = sources.conversations.frame(seq)
  const line = sources.conversations.line(seq)
  if (line === null) throw new EngineError('corrupt', 'Part of this log line is missing from the archive.')
  return {
    text: line.toString('utf8'),
    origin: { path: sources.pathOf(frame.file), offset: frame.offset, length: frame.length },
  }
}

/**
 * Compares the messages of a request with those of the round before, or of the last earlier round with readable
 * messages; null for the first round.
 */
export function requestDiff(sources: ReaderSources, session: number, ref: RoundRef): RequestDiff | null {
  if (ref.round === 1) return null
  const [previous, now] = roundRows(sources.index, session, ref.round - 1, 2)
  if (previous === undefined || now === undefined) throw noRound(ref)
  const before = readableRoundBefore(sources.index, session, ref.round) ?? previous
  const { same, removed, added } = differing(sources.conversations, before.seq, now.seq)
  return {
    against: before.round,
    parameters: changedParameters(sources.conversations.request(before.seq), sources.conversations.request(now.seq)),
    same,
    removed: removed.slice(0, MOST_MESSAGES).map(readMessage),
    added: added.slice(0, MOST_MESSAGES).map(readMessage),
    removedMore: Math.max(0, removed.length - MOST_MESSAGES),
    addedMore: Math.max(0, added.length - MOST_MESSAGES),
  }
}

function changedParameters(before: RequestRecord, now: RequestRecord): ParameterChange[] {
  const earlier = readParameters(before.ai)
  const later = readParameters(now.ai)
  return [...new Set([...earlier.keys(), ...later.keys()])].flatMap((name) => {
    const change = { name, before: earlier.get(name) ?? null, after: later.get(name) ?? null }
    return change.before === change.after ? [] : [change]
  })
}

function differing(conversations: Conversations, before: number, now: number) {
  const record = conversations.request(now)
  if (record.base === before) {
    const earlier = conversations.request(before)
    const dropped = Math.max(0, earlier.kept + (earlier.messages?.length ?? 0) - record.kept)
    const removed = dropped === 0 ? [] : (conversations.messages(before, dropped)?.messages ?? []).slice(-dropped)
    return { same: record.kept, removed, added: record.messages ?? [] }
  }
  const left = conversations.messages(before)?.messages ?? []
  const right = conversations.messages(now)?.messages ?? []
  let same = 0
  while (same < left.length && same < right.length && sameJson(left[same], right[same])) same++
  return { same, removed: left.slice(same), added: right.slice(same) }
}

const sameJson = (a: Json | undefined, b: Json | undefined): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The rounds that add a text, as many as a time slice allows. */
export function findInSession(sources: ReaderSources, session: number, query: SessionFindQuery): SessionFindPage {
  const wanted = fold(query.text)
  const matches: FindMatch[] = []
  const next = eachRound(sources, session, query.from, (round, record) => {
    const match = matchIn(textsOf(record), wanted)
    if (match !== null) matches.push({ round, ...match })
  })
  return { matches, next }
}

function matchIn(texts: Iterable<SeenText>, wanted: string): Omit<FindMatch, 'round'> | null {
  let first: { excerpt: string; at: number } | null = null
  let count = 0
  for (const { written, spelled } of texts) {
    const text = spelled === null || fold(written).includes(wanted) ? written : spelled
    const haystack = fold(text)
    for (let at = haystack.indexOf(wanted); at >= 0; at = haystack.indexOf(wanted, at + wanted.length)) {
      count++
      first ??= excerptAt(text, at, wanted.length)
    }
  }
  return first === null ? null : { count, ...first }
}

function excerptAt(text: string, at: number, length: number): { excerpt: string; at: number } {
  const start = Math.max(0, at - AROUND)
  const before = (start > 0 ? '…' : '') + text.slice(start, at).replace(/\s+/g, ' ').trimStart()
  const end = at + length + AROUND
  const found = text.slice(at, at + length).replace(/\s/g, ' ')
  const after = text.slice(at + length, end).replace(/\s+/g, ' ') + (end < text.length ? '…' : '')
  return { excerpt: before + found + after, at: before.length }
}

/** A text as logged. Arguments of a call, which are shown decoded, also have a decoded form. */
interface SeenText {
  readonly written: string
  readonly spelled: string | null
}

const asWritten = (written: string): SeenText => ({ written, spelled: null })
const ofCall = (call: ToolCall): SeenText => ({ written: `${call.name} ${call.arguments}`, spelled: spelledOut(call) })

/** Every visible text that the round adds. */
function* textsOf(record: RequestRecord): Generator<SeenText> {
  const request = readRequest(record.outer, record.ai)
  let question = request.question
  for (const message of (record.messages ?? []).map(readMessage)) {
    for (const text of messageTexts(message)) {
      // The gateway repeats the last message as the question; it is shown, and found, once.
      if (text.written === question) question = null
      yield text
    }
  }
  const logged = readMessages(record.ai)
  if (logged.kind === 'text') yield asWritten(logged.text)
  if (question !== null) yield asWritten(question)
  if (request.reasoning !== null) yield asWritten(request.reasoning)
  if (request.answer !== null) yield asWritten(request.answer)
  for (const call of request.toolCalls.map(readToolCall)) yield ofCall(call)
  if (request.toolCallsText !== null) yield asWritten(request.toolCallsText)
}

function* messageTexts(message: Message): Generator<SeenText> {
  for (const part of message.parts) {
    switch (part.kind) {
      case 'text':
      case 'reasoning':
      case 'tool_result':
        yield asWritten(part.text)
        break
      case 'tool_call':
        yield ofCall(part.call)
        break
      case 'other':
        yield asWritten(part.json)
        break
      case 'image':
        break
    }
  }
}

/** Tool calls, results, failures and rewritten histories, round by round, for a time slice. */
export function sessionOutline(
  sources: ReaderSources,
  session: number,
  query: SessionOutlineQuery,
): SessionOutlinePage {
  const rounds: OutlineRound[] = []
  let before: { readonly seq: number; readonly sent: number } | null = null
  if (query.from > 1) {
    const row = readableRoundBefore(sources.index, session, query.from)
    if (row !== null) before = { seq: row.seq, sent: sentBy(sources.conversations.request(row.seq)) }
  }
  const next = eachRound(sources, session, query.from, (round, record, seq) => {
    const request = readRequest(record.outer, record.ai)
    const calls = request.toolCalls.map(readToolCall).map(({ id, name }) => ({ id, name }))
    const results = (record.messages ?? []).flatMap((value) =>
      readMessage(value).parts.flatMap((part) =>
        part.kind === 'tool_result' ? [{ callId: part.callId, isError: part.isError }] : [],
      ),
    )
    const failed = isFailure(request.responseType, request.responseCode)
    const sent = sentBy(record)
    const rewritten = before !== null && sent > 0 && (record.base !== before.seq || record.kept < before.sent)
    if (sent > 0) before = { seq, sent }
    if (calls.length > 0 || results.length > 0 || failed || rewritten) {
      rounds.push({ round, calls, results, failed, rewritten })
    }
  })
  return { rounds, next }
}

const sentBy = (record: RequestRecord): number => (record.messages === null ? 0 : record.kept + record.messages.length)

/** Whether the gateway logged the request as failed, by its response type or HTTP status. */
function isFailure(responseType: string | null, responseCode: string | null): boolean {
  if (responseType?.toLowerCase() === 'error') return true
  const code = Number(responseCode)
  return responseCode !== null && Number.isInteger(code) && (code >= 400 || code === 0)
}

/**
 * Calls `visit` for the rounds from `from` on until the time is up. Returns the round to continue with; null after the
 * last. Skips lost rounds.
 */
function eachRound(
  { index, conversations }: ReaderSources,
  session: number,
  from: number,
  visit: (round: number, record: RequestRecord, seq: number) => void,
): number | null {
  const until = performance.now() + SLICE_MS
  for (let start = from; ; start += BATCH) {
    const rows = roundRows(index, session, start, BATCH)
    for (const { seq, round } of rows) {
      try {
        visit(round, conversations.request(seq), seq)
      } catch (error) {
        if (!(error instanceof EngineError && error.code === 'corrupt')) throw error
      }
      if (performance.now() > until) return round + 1
    }
    if (rows.length < BATCH) return null
  }
}

function seqOf({ index }: ReaderSources, session: number, ref: RoundRef): number {
  const [row] = roundRows(index, session, ref.round, 1)
  if (row === undefined) throw noRound(ref)
  return row.seq
}

function noRound({ sessionId, round }: RoundRef): EngineError {
  return new EngineError('not-found', `The session has no round ${String(round)}.`, { where: sessionId })
}
