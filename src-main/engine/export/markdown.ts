import type { FinopsReport, SessionRow } from '../../contract/index'
import type { RequestRecord } from '../archive/records'
import { readMessage, readToolCall } from '../parse/messages'
import { readMessages, readRequest } from '../parse/request'
import { isoTime } from './session-json'

/** The report as tables. */
export function* reportMarkdown(report: FinopsReport): Generator<string> {
  const { summary } = report
  yield `# FinOps report\n\n${report.generated_at}, days of ${summary.time_zone}\n\n`
  if (report.filter !== undefined) yield `Only ${code(JSON.stringify(report.filter))}\n\n`
  yield `- Sessions: ${String(summary.total_sessions)}\n- Rounds: ${String(summary.total_rounds)}\n`
  yield `- Input tokens: ${String(summary.total_input_tokens)}\n- Output tokens: ${String(summary.total_output_tokens)}\n`
  yield `- Cost: ${cost(summary.total_cost_usd, summary.unpriced_rounds)}\n\n`
  for (const [heading, entries] of [
    ['Model', report.by_model],
    ['Date', report.by_date],
  ] as const) {
    yield `## By ${heading.toLowerCase()}\n\n| ${heading} | Sessions | Rounds | Input | Output | Cost |\n| --- | ---: | ---: | ---: | ---: | ---: |\n`
    for (const [name, totals] of Object.entries(entries)) {
      const counts = [totals.session_count, totals.rounds, totals.total_input, totals.total_output].join(' | ')
      yield `| ${cell(name)} | ${counts} | ${cost(totals.total_cost, totals.unpriced_rounds)} |\n`
    }
    yield '\n'
  }
}

/**
 * A readable conversation: each round with what is new in it. `requests` are in order, each with the cost of its round.
 */
export function* sessionMarkdown(
  row: SessionRow,
  requests: Iterable<{ readonly record: RequestRecord; readonly round: number; readonly costUsd: number | null }>,
): Generator<string> {
  yield `# Session ${code(row.sessionId)}\n\n${isoTime(row.firstTime)} to ${isoTime(row.lastTime)}, `
  yield `${String(row.rounds)} rounds, ${String(row.inputTokens)} input and ${String(row.outputTokens)} output tokens, `
  yield `${cost(row.costUsd, row.unpricedRounds)}\n`
  for (const { record, round, costUsd } of requests) {
    const request = readRequest(record.outer, record.ai)
    const { input, output } = request.tokens
    yield `\n## Round ${String(round)}\n\n${isoTime(record.time)}, ${request.model === null ? 'no model' : code(request.model)}, `
    yield `${input === null ? 'unknown' : String(input)} input and ${output === null ? 'unknown' : String(output)} output tokens, `
    yield `${cost(costUsd, 0)}\n`
    if (record.kept > 0) yield `\n*${String(record.kept)} messages sent before*\n`
    for (const value of record.messages ?? []) {
      const message = readMessage(value)
      for (const part of message.parts) {
        switch (part.kind) {
          case 'text':
          case 'tool_result':
            yield section(message.role, part.text)
            break
          case 'reasoning':
            yield section(`${message.role}, reasoning`, part.text)
            break
          case 'tool_call':
            yield section(`${message.role} calls ${part.call.name}`, part.call.arguments)
            break
          case 'image':
            yield section(message.role, part.remoteUrl ?? '[image]')
            break
          case 'other':
            yield section(message.role, part.json)
            break
        }
      }
    }
    const logged = readMessages(record.ai)
    if (logged.kind === 'text') yield section('messages, cut by the gateway', logged.text)
    if ((record.messages ?? []).length === 0 && request.question !== null) yield section('question', request.question)
    if (request.reasoning !== null) yield section('assistant, reasoning', request.reasoning)
    if (request.answer !== null) yield section('assistant', request.answer)
    for (const value of request.toolCalls) {
      const call = readToolCall(value)
      yield section(`assistant calls ${call.name}`, call.arguments)
    }
    if (request.toolCallsText !== null) yield section('tool calls, cut by the gateway', request.toolCallsText)
  }
}

/** Puts logged text into a fence that nothing in it can close, so that it is not treated as markup or HTML. */
function section(who: string, text: string): string {
  const fence = '`'.repeat(Math.max(2, longestRun(text)) + 1)
  return `\n**${cell(who)}**\n\n${fence}\n${text}\n${fence}\n`
}

function code(text: string): string {
  const fence = '`'.repeat(longestRun(text) + 1)
  return `${fence} ${text.replace(/\s+/g, ' ')} ${fence}`
}

/** The length of the longest run of backticks. */
function longestRun(text: string): number {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}

function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#&~]/g, (char) => `&#${String(char.charCodeAt(0))};`)
}

function cost(usd: number | null, unpricedRounds: number): string {
  if (usd === null) return 'cost unknown'
  const sum = `$${usd.toFixed(6)}`
  return unpricedRounds === 0 ? sum : `${sum} and ${String(unpricedRounds)} rounds of unknown cost`
}
