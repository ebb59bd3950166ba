import type { PriceMatch, Round, RoundCost } from '../../contract/index'
import type { RequestRecord } from '../archive/records'
import { loggedText, readMessage, readToolCall } from '../parse/messages'
import { readMessages, readRequest } from '../parse/request'
import type { PriceCatalog } from '../pricing/catalog'
import { costOf, toPico, toUsd } from '../pricing/cost'
import type { BilledTokens } from '../parse/usage'
import { marksOf } from '../parse/usage-marks'

/** What a round needs in addition to its record. */
interface RoundContext {
  readonly round: number
  readonly keptFromRound: number | null
  /** Path of the file `record.file`. */
  readonly path: string
  readonly prices: PriceCatalog
}

/** A request as the conversation viewer shows it. Pure. */
export function toRound(record: RequestRecord, context: RoundContext): Round {
  const request = readRequest(record.outer, record.ai)
  const logged = readMessages(record.ai)
  const { tokens, billed } = request
  return {
    round: context.round,
    requestId: request.requestId,
    time: record.time,
    timeInferred: record.timeInferred,
    model: request.model,
    responseType: request.responseType,
    responseCode: request.responseCode,
    usage: {
      inputTokens: tokens.input,
      outputTokens: tokens.output,
      cachedTokens: tokens.cached,
      reasoningTokens: tokens.reasoning,
      promptTokens: billed.prompt,
      completionTokens: billed.completion,
      marks: marksOf(billed.marks),
    },
    cost: roundCost(request.model, record.time, billed, context.prices),
    latency: {
      firstTokenMs: request.firstTokenMs,
      serviceMs: request.serviceMs,
      durationMs: request.durationMs,
    },
    keptMessages: record.kept,
    keptFromRound: context.keptFromRound,
    newMessages: (record.messages ?? []).map(readMessage),
    messagesText: logged.kind === 'text' ? logged.text : null,
    question: request.question === null ? null : loggedText(request.question),
    answer: request.answer === null ? null : loggedText(request.answer),
    reasoning: request.reasoning === null ? null : loggedText(request.reasoning),
    toolCalls: request.toolCalls.map(readToolCall),
    toolCallsText: request.toolCallsText,
    attributes: request.attributes,
    origin: { path: context.path, offset: record.offset, length: record.length },
  }
}

/** For rounds that cost nothing, whatever their model's price is. */
const WITHOUT_PRICE: PriceMatch = {
  matchedModel: '',
  rules: ['exact'],
  source: { kind: 'none', name: '', url: null, date: '', conversion: null },
}

/** A round's cost with its components; null when the price or the counts are unknown. */
export function roundCost(
  model: string | null,
  time: number,
  billed: BilledTokens,
  prices: PriceCatalog,
): RoundCost | null {
  const price = prices.find(model, time)
  const cost = costOf(billed, price, prices.rules)
  if (cost === null) return null
  const { matchedModel, rules, source } = price ?? WITHOUT_PRICE
  const { components, estimate } = cost
  return { usd: toUsd(toPico(components)) ?? 0, components, estimate, matchedModel, rules, source }
}
