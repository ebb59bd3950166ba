import { EngineError } from '../../engine/errors'
import { sessionFile, type SessionFile } from '../../engine/export/session-json'
import { findSession } from '../../engine/index/queries/sessions'
import { Conversations } from '../../engine/sessions/conversation'
import { readStore, type CommonOptions } from '../open-store'
import { money, printable, printJson } from '../output'

interface ShowOptions extends CommonOptions {
  readonly messages: boolean
}

/** `show`: one session, round by round. */
export async function show(sessionId: string, options: ShowOptions): Promise<void> {
  const file = await readStore(options, (store) => {
    const found = findSession(store.index, sessionId)
    if (found === undefined) {
      throw new EngineError('not-found', 'There is no session with this id.', {
        where: sessionId,
        hint: 'See "list --limit 0" for the ids.',
      })
    }
    const { archive, index, prices } = store
    const sources = { index, prices, conversations: new Conversations(archive, index) }
    return sessionFile(sources, found.id, found.row, { withMessages: options.messages })
  })
  if (options.json === true) printJson(file)
  else printSession(file)
}

function printSession(file: SessionFile): void {
  const out = (line: string): void => {
    process.stdout.write(`${printable(line)}\n`)
  }
  out(`${file.session_id}${file.inferred ? ' (no session id was logged)' : ''}`)
  out(
    `${String(file.messages_count)} rounds, ${String(file.total_input_tokens)} input, ` +
      `${String(file.total_output_tokens)} output tokens, ${money(file.cost_usd, file.unpriced_rounds)}`,
  )
  for (const round of file.rounds) {
    out('')
    out(`#${String(round.round)}  ${round.timestamp}  ${round.model ?? 'no model'}  ${money(round.cost_usd)}`)
    out(`    tokens: ${tokens(round.input_tokens)} input, ${tokens(round.output_tokens)} output`)
    if (Array.isArray(round.messages)) out(`    messages: ${String(round.messages.length)}`)
    for (const [label, text] of [
      ['question', round.question],
      ['reasoning', round.reasoning],
      ['answer', round.answer],
    ] as const) {
      if (text !== '') out(`    ${label}: ${text.replace(/\n/g, '\n      ')}`)
    }
    if (round.tool_calls.length > 0) out(`    tool calls: ${JSON.stringify(round.tool_calls)}`)
  }
}

function tokens(count: number | null): string {
  return count === null ? 'unknown' : String(count)
}
