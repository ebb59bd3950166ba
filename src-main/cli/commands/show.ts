import { Command } from 'commander'
import type { Message, MessagePart } from '../../contract/index'
import { EngineError } from '../../engine/base/errors'
import { sessionRounds, sessionText } from '../../engine/export/session-json'
import { type SessionFileRound } from '../../contract/index'
import { roundRows } from '../../engine/index/queries/rounds'
import { readMessage } from '../../engine/parse/messages'
import { Conversations } from '../../engine/sessions/conversations'
import type { Store } from '../../engine/store/store'
import { requireSession } from '../context/find-session'
import { readStore, type CommonOptions } from '../context/open-store'
import { countFromOne, dataDirOption, examples, jsonOption } from '../context/options'
import { money, printJsonText, printLine } from '../terminal/output'

interface ShowOptions extends CommonOptions {
  readonly messages: boolean
  readonly round?: number
}

export function showCommand(): Command {
  return new Command('show')
    .description('show one session, round by round')
    .argument('<session-id>')
    .option('--no-messages', 'leave out the messages sent with each round')
    .option('--round <n>', 'only this round', countFromOne)
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('show agent:main:discord:1 --no-messages', 'show agent:main:discord:1 --round 3 --json'),
    )
    .action(show)
}

async function show(sessionId: string, options: ShowOptions): Promise<void> {
  await readStore(options, (store) => {
    const { id, row } = requireSession(store.index, sessionId)
    const { round, messages } = options
    if (round !== undefined && round > row.rounds) {
      throw new EngineError('not-found', `The session has ${String(row.rounds)} rounds.`, { where: sessionId })
    }
    const { archive, index, prices } = store
    const sources = { index, prices, conversations: new Conversations(archive, index) }
    if (options.json === true) {
      const chosen = { withMessages: messages, ...(round === undefined ? {} : { onlyRound: round }) }
      for (const piece of sessionText(sources, id, row, chosen)) printJsonText(piece)
      return
    }
    printLine(row.inferred ? ' (no session id was logged)' : '', row.sessionId)
    printLine(
      `${String(row.rounds)} rounds, ${String(row.inputTokens)} input, ${String(row.outputTokens)} output tokens, ` +
        money(row.costUsd, row.unpricedRounds),
    )
    const [from, to] = round === undefined ? [1, row.rounds] : [round, round]
    for (let number = from; number <= to; number += 1) {
      const [shown] = sessionRounds(sources, id, number, 1, { withMessages: false })
      if (shown === undefined) break
      printHead(shown)
      if (messages) printNewMessages(store, sources.conversations, id, number)
      printTexts(shown)
    }
  })
}

function printHead(round: SessionFileRound): void {
  printLine()
  printLine(`  ${round.timestamp}  ${round.model ?? 'no model'}  ${money(round.cost_usd)}`, `#${String(round.round)}`)
  printLine(`    tokens: ${tokens(round.input_tokens)} input, ${tokens(round.output_tokens)} output`)
}

/** What this request sent for the first time; what it repeats was shown with an earlier round. */
function printNewMessages(store: Store, conversations: Conversations, id: number, number: number): void {
  const [row] = roundRows(store.index, id, number, 1)
  if (row === undefined) return
  const record = conversations.request(row.seq)
  if (record.kept > 0) printLine(`    (${String(record.kept)} messages sent before)`)
  for (const value of record.messages ?? []) {
    const message = readMessage(value)
    printText(message.role, messageText(message))
  }
}

function printTexts(round: SessionFileRound): void {
  printText('question', round.question)
  printText('reasoning', round.reasoning)
  printText('answer', round.answer)
  if (round.tool_calls.length > 0) printText('tool calls', JSON.stringify(round.tool_calls))
}

function printText(label: string, text: string): void {
  if (text === '') return
  const [first = '', ...rest] = text.split('\n')
  printLine(`    ${label}: ${first}`)
  for (const line of rest) printLine(`      ${line}`)
}

function messageText(message: Message): string {
  return message.parts.map(partText).join('\n')
}

function partText(part: MessagePart): string {
  switch (part.kind) {
    case 'text':
    case 'reasoning':
    case 'tool_result':
      return part.text
    case 'tool_call':
      return `${part.call.name}(${part.call.arguments})`
    case 'image':
      return part.remoteUrl ?? '[image]'
    case 'other':
      return part.json
  }
}

function tokens(count: number | null): string {
  return count === null ? 'unknown' : String(count)
}
