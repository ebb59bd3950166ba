import type { RequestRecord } from '../../archive/records'
import { isArray, isObject, type Json } from '../../base/json'
import { readMessage, readToolCall } from '../../parse/messages'
import { readMessages, readRequest, type LlmRequest } from '../../parse/request'
import type { RoundKeys } from './align'
import { digest, normalCall, normalMessage } from './normal'

/** What is kept of a round for comparing it: digests, and the beginnings of its texts. */
export interface RoundDigest extends RoundKeys {
  readonly seq: number
  readonly answer: string
  readonly calls: string
  readonly reasoning: string
  readonly parameters: string
  readonly model: string
  readonly outcome: string
  /** Messages the request sent, and how many of them were new; 0 when they are not a list. */
  readonly sent: number
  readonly fresh: number
  /** Beginnings of the texts, on one line. */
  readonly askedText: string
  readonly answeredText: string
  readonly callNames: readonly string[]
  readonly lost: boolean
}

/** Digests of each beginning of a history; the last is that of the whole. Null: not a list, or unknown. */
type HistoryDigests = readonly string[] | null

const EXCERPT = 160
const MOST_CALLS = 4

/** Continues the digests of the kept messages with the messages that follow. */
export function historyDigests(kept: readonly string[], messages: readonly Json[]): string[] {
  const digests = [...kept]
  let last = digests.at(-1) ?? ''
  for (const message of messages) {
    last = digest(last + digest(normalMessage(message)))
    digests.push(last)
  }
  return digests
}

/** How many messages two histories have in common at their beginning: digests agree up to there, and not after. */
export function sharedMessages(a: readonly string[], b: readonly string[]): number {
  let low = 0
  let high = Math.min(a.length, b.length)
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if (a[middle - 1] === b[middle - 1]) low = middle
    else high = middle - 1
  }
  return low
}

/** `fresh`: the messages that the previous round had not sent; null when they are not a list. Pure. */
export function roundDigest(
  seq: number,
  record: RequestRecord,
  history: HistoryDigests,
  fresh: readonly Json[] | null,
): RoundDigest {
  const request = readRequest(record.outer, record.ai)
  const answer = digest(request.answer ?? '')
  const calls = digest(request.toolCallsText ?? request.toolCalls.map(normalCall).join('\n'))
  const outcome = request.status
  const said = fresh === null ? null : fresh.map(normalMessage)
  const text = said === null ? loggedText(record, request) : null
  return {
    seq,
    history: history === null ? null : (history.at(-1) ?? ''),
    messages: digest(said === null ? (text ?? '') : said.join('\n')),
    asked: digestOfAsked(fresh, said, text),
    reply: digest(`${answer}${calls}${outcome}`),
    answer,
    calls,
    reasoning: digest(request.reasoning ?? ''),
    parameters: digest(
      parametersOf(request)
        .map(({ name, value }) => `${name}\n${value}`)
        .join('\n'),
    ),
    model: request.model ?? '',
    outcome,
    sent: history?.length ?? 0,
    fresh: fresh?.length ?? 0,
    askedText: excerpt(askedText(fresh) ?? request.question ?? text ?? ''),
    answeredText: excerpt(request.answer ?? ''),
    callNames: request.toolCalls.slice(0, MOST_CALLS).map((call) => readToolCall(call).name.slice(0, EXCERPT)),
    lost: false,
  }
}

/** Stands for an unreadable request: equal only to itself. */
export function lostDigest(seq: number): RoundDigest {
  const lost = `lost:${String(seq)}`
  const empty = { answer: lost, calls: lost, reasoning: lost, parameters: lost, model: lost, outcome: lost }
  const keys = { history: null, messages: lost, asked: '', reply: lost }
  return { seq, ...keys, ...empty, sent: 0, fresh: 0, askedText: '', answeredText: '', callNames: [], lost: true }
}

function loggedText(record: RequestRecord, request: LlmRequest): string | null {
  const logged = readMessages(record.ai)
  return logged.kind === 'text' ? logged.text : request.question
}

function digestOfAsked(fresh: readonly Json[] | null, said: readonly string[] | null, text: string | null): string {
  if (fresh === null || said === null) return text === null ? '' : digest(text)
  const asked = said.filter((_, at) => !saidByModel(fresh[at]))
  return asked.length === 0 ? '' : digest(asked.join('\n'))
}

function saidByModel(message: Json | undefined): boolean {
  return isObject(message) && (message.role === 'assistant' || message.role === 'model')
}

/** The latest new message that is not the model's, as text. */
function askedText(fresh: readonly Json[] | null): string | null {
  const last = fresh?.findLast((message) => !saidByModel(message))
  if (last === undefined) return null
  // Only the beginning is needed, so a huge list of parts is not read.
  const message = readMessage(
    isObject(last) && isArray(last.content) ? { ...last, content: last.content.slice(0, 8) } : last,
  )
  for (const part of message.parts) {
    if ((part.kind === 'text' || part.kind === 'tool_result') && part.text.trim() !== '') return part.text
  }
  return null
}

function excerpt(text: string): string {
  const line = text
    .slice(0, EXCERPT * 2)
    .replace(/\s+/g, ' ')
    .trim()
  return line.length > EXCERPT || text.length > EXCERPT * 2 ? `${line.slice(0, EXCERPT)}…` : line
}

/** Fields of Higress' default access log that describe the transport of a request, not its content. */
const TRANSPORT = new Set(
  (
    'authority bytes_received bytes_sent downstream_local_address downstream_remote_address istio_policy_status method ' +
    'path protocol requested_server_name response_flags route_name trace_id upstream_cluster upstream_host ' +
    'upstream_local_address upstream_service_time upstream_transport_failure_reason user_agent x_forwarded_for ' +
    'response_code_details __file_offset__ consumer chat_id chat_round'
  ).split(' '),
)

/** The request's parameters, sorted by name: the interface, and additional logged attributes. */
export function parametersOf(request: LlmRequest): readonly { readonly name: string; readonly value: string }[] {
  return request.attributes.filter(({ name }) => !TRANSPORT.has(name)).sort((a, b) => (a.name < b.name ? -1 : 1))
}
