import type { Message, Round, ToolCall } from '@contract'

export interface CopyWords {
  readonly round: (round: number) => string
  readonly role: (role: string) => string
  readonly time: (ms: number) => string
  readonly figures: (round: Round) => string
  readonly reasoning: string
  readonly toolCall: string
  readonly toolResult: string
  readonly image: string
}

/** What is new in a round as Markdown, as it could be pasted into a ticket. */
export function roundMarkdown(round: Round, words: CopyWords): string {
  const head = [words.round(round.round), words.time(round.time), round.model, words.figures(round)]
  const pieces = [`## ${head.filter(Boolean).join(' · ')}`]
  for (const message of round.newMessages) pieces.push(messageMarkdown(message, words))
  if (round.messagesText !== null) pieces.push(fenced(round.messagesText, ''))
  const says = round.newMessages.some((message) =>
    message.parts.some((part) => part.kind === 'text' && part.text.trim() === round.question?.text.trim()),
  )
  if (round.question !== null && !says) pieces.push(`### ${words.role('user')}\n\n${round.question.text}`)
  const answer: string[] = []
  if (round.reasoning?.text.trim()) answer.push(quoted(`*${words.reasoning}*\n\n${round.reasoning.text}`))
  if (round.answer?.text.trim()) answer.push(round.answer.text)
  for (const call of round.toolCalls) answer.push(callMarkdown(call, words))
  if (round.toolCallsText !== null) answer.push(fenced(round.toolCallsText, ''))
  if (answer.length > 0) pieces.push(`### ${words.role('assistant')}`, ...answer)
  return `${pieces.join('\n\n')}\n`
}

function messageMarkdown(message: Message, words: CopyWords): string {
  const pieces = [`### ${words.role(message.role)}`]
  for (const part of message.parts) {
    switch (part.kind) {
      case 'text':
        pieces.push(part.text)
        break
      case 'reasoning':
        pieces.push(quoted(`*${words.reasoning}*\n\n${part.text}`))
        break
      case 'tool_call':
        pieces.push(callMarkdown(part.call, words))
        break
      case 'tool_result':
        pieces.push(
          `**${words.toolResult}**${part.callId === null ? '' : ` ${code(part.callId)}`}`,
          fenced(part.text, ''),
        )
        break
      case 'image':
        pieces.push(`*[${words.image}${part.remoteUrl === null ? '' : `: ${part.remoteUrl}`}]*`)
        break
      case 'other':
        pieces.push(fenced(part.json, 'json'))
        break
    }
  }
  return pieces.join('\n\n')
}

function callMarkdown(call: ToolCall, words: CopyWords): string {
  const id = call.id === null ? '' : ` ${code(call.id)}`
  return `**${words.toolCall} ${code(call.name)}**${id}\n\n${fenced(call.arguments, 'json')}`
}

const quoted = (text: string): string => text.replace(/^/gm, '> ')

/** In a fence longer than any run of backticks in the text, so that the text cannot end it. */
function fenced(text: string, language: string): string {
  const fence = '`'.repeat(Math.max(2, longestRun(text)) + 1)
  return `${fence}${language}\n${text}\n${fence}`
}

/** A name or id as it is, on its line, whatever backticks it holds. */
function code(text: string): string {
  const longest = longestRun(text)
  const [fence, space] = ['`'.repeat(longest + 1), longest === 0 ? '' : ' ']
  return `${fence}${space}${text.replace(/\s+/g, ' ')}${space}${fence}`
}

/** The most backticks in a row. */
function longestRun(text: string): number {
  let longest = 0
  for (const [run] of text.matchAll(/`+/g)) longest = Math.max(longest, run.length)
  return longest
}
