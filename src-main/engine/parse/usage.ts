import type { JsonObject } from '../base/json'
import type { RequestStatus } from '../../contract/index'
import { readTokens, type TokenCounts } from './tokens'
import { LOWER_BOUND_MARKS, UNKNOWN_MARKS, USAGE_MARKS } from './usage-marks'

/**
 * What a request used, as it is billed. `prompt` and `completion` hold everything; each of the other counts is a part of
 * one of them, and no token is in two parts. Null: not known.
 */
export interface BilledTokens {
  readonly prompt: number | null
  readonly completion: number | null
  /** Parts of the prompt. */
  readonly cached: number
  readonly cacheWrite: number
  readonly cacheWriteHour: number
  readonly audioInput: number
  readonly imageInput: number
  /** Parts of the completion. */
  readonly reasoning: number
  readonly audioOutput: number
  readonly imageOutput: number
  /** Bits of USAGE_MARKS. */
  readonly marks: number
}

/** What a request's line says about its usage beside the counts. */
export interface UsageContext {
  readonly model: string | null
  readonly status: RequestStatus
  readonly path: string | null
}

/** The counts as logged, and what they mean. */
export interface Usage {
  readonly tokens: TokenCounts
  readonly billed: BilledTokens
}

/**
 * Reads the usage of an `ai_log`. Whether cached, written, reasoning and tool-use tokens lie inside `input_token` and
 * `output_token` or beside them is decided by `total_token` first, then by the provider's keys, and only then by size.
 * docs/formats/usage.md has the rule with its sources and a table of every provider path.
 */
export function readUsage(ai: JsonObject, context: UsageContext): Usage {
  const tokens = readTokens(ai)
  const gateway = gatewayMark(ai, context.model, tokens)
  if (gateway !== 0) return { tokens, billed: { ...NOTHING, prompt: 0, completion: 0, marks: gateway } }
  const unreported = unreportedMark(tokens, context.status)
  if (unreported !== 0) {
    // A zero that means "not reported" is not a count.
    const known = unreported === USAGE_MARKS.unusable ? tokens : { ...tokens, input: null, output: null }
    return { tokens: known, billed: { ...NOTHING, marks: unreported } }
  }
  const aborted = isPlaceholder(tokens, context)
  const counted = aborted ? { ...tokens, output: null } : tokens
  return { tokens: counted, billed: bill(counted, ai, context, aborted ? USAGE_MARKS['aborted-stream'] : 0) }
}

/** Whether it is unknown what the request used. */
export function isUnknown({ marks }: Pick<BilledTokens, 'marks'>): boolean {
  return (marks & UNKNOWN_MARKS) !== 0
}

/** Whether more was used than the counts say. */
export function isLowerBound({ marks }: Pick<BilledTokens, 'marks'>): boolean {
  return (marks & LOWER_BOUND_MARKS) !== 0
}

const NOTHING: BilledTokens = {
  prompt: null,
  completion: null,
  cached: 0,
  cacheWrite: 0,
  cacheWriteHour: 0,
  audioInput: 0,
  imageInput: 0,
  reasoning: 0,
  audioOutput: 0,
  imageOutput: 0,
  marks: 0,
}

/**
 * Higress ai-cache answers a hit under the model "from-cache" and sets `cache_status` (ai-cache/core.go,
 * config/config.go); ai-security-guard answers under "from-security-guard" (config/config.go) and writes the misspelt
 * `safecheck_status` "reqeust deny". Neither calls a model.
 */
function gatewayMark(ai: JsonObject, model: string | null, { input, output }: TokenCounts): number {
  const used = (input ?? 0) + (output ?? 0)
  if (model === 'from-cache') return USAGE_MARKS['answered-by-cache']
  if (model === 'from-security-guard') return USAGE_MARKS['denied-by-guard']
  if (used > 0) return 0
  if (ai.cache_status === 'hit') return USAGE_MARKS['answered-by-cache']
  // A denied response had been generated, and paid, before it was denied; only a denied request reached no model.
  const denied = typeof ai.safecheck_status === 'string' && /^req[a-z]+ deny$/.test(ai.safecheck_status)
  return denied ? USAGE_MARKS['denied-by-guard'] : 0
}

/**
 * Why the counts say nothing; 0 when they say something. A model that was called was sent at least one token, so zeros
 * mean "not reported": Higress logs 0/0/0 for a stream whose chunks all say `"usage":null` (wasm-go tokenusage.go), and
 * 0/0/N for reranks and others that report a total only.
 */
function unreportedMark({ input, output, total, unusable }: TokenCounts, status: RequestStatus): number {
  if (unusable) return USAGE_MARKS.unusable
  if ((input ?? 0) > 0 || (output ?? 0) > 0) return 0
  if ((total ?? 0) > 0) return USAGE_MARKS['unsplit-total']
  return USAGE_MARKS['not-reported'] | (status === 'error' ? USAGE_MARKS['failed-unreported'] : 0)
}

/** Highest output_tokens that Anthropic's message_start was seen to carry as a placeholder. */
const PLACEHOLDER_OUTPUT = 8

/**
 * Whether the output of an Anthropic stream is the placeholder of its first event: the plugin logs usage as it arrives,
 * and a stream that was cut off never sent its final count (Higress commit cce53203, 2026-03-23).
 */
function isPlaceholder({ output, cacheKeys, detailsEmpty }: TokenCounts, context: UsageContext): boolean {
  if (context.status !== 'cut-off' || output === null || output > PLACEHOLDER_OUTPUT) return false
  return detailsEmpty && (cacheKeys === 'anthropic' || isClaude(context))
}

function isClaude({ model, path }: UsageContext): boolean {
  return (model !== null && /claude/i.test(model)) || (path !== null && /\/v1\/messages(?:\?|$)/.test(path))
}

/** Which of the extra counts lie beside input and output, and what is left of the total that nothing explains. */
interface Placement {
  readonly cacheBeside: boolean
  readonly reasoningBeside: boolean
  readonly toolUseBeside: boolean
  /** Tokens that only the total shows. */
  readonly hidden: number
}

function bill(tokens: TokenCounts, ai: JsonObject, context: UsageContext, first: number): BilledTokens {
  let marks = first
  const { input, output } = tokens
  if ((input === null) !== (output === null) && marks === 0) marks |= USAGE_MARKS['one-side-missing']
  const written = (tokens.cacheWrite ?? 0) + (tokens.cacheWriteHour ?? 0)
  const cached = tokens.cached ?? 0
  const place = placementOf(tokens, written)
  if (place.hidden > 0) marks |= USAGE_MARKS['hidden-output']
  // Bedrock's Converse reports reads and writes as one number (Higress ai-proxy bedrock.go:1121).
  if (place.cacheBeside && tokens.cacheKeys === 'openai' && cached > 0) marks |= USAGE_MARKS['cache-kinds-summed']
  if (tokens.detailsEmpty && cached === 0 && written === 0 && isClaude(context))
    marks |= USAGE_MARKS['cache-not-reported']
  marks |= tierMark(ai, context.model)

  const toolUse = place.toolUseBeside ? (tokens.toolUsePrompt ?? 0) : 0
  const prompt = input === null ? null : input + (place.cacheBeside ? cached + written : 0) + toolUse
  const reasoning = tokens.reasoning ?? 0
  const completion = output === null ? null : output + (place.reasoningBeside ? reasoning : 0) + place.hidden

  const inputRoom = Math.max(0, (prompt ?? 0) - cached - written)
  const audioInput = Math.min(tokens.audioInput ?? 0, inputRoom)
  const imageInput = Math.min(tokens.imageInput ?? 0, inputRoom - audioInput)
  const outputRoom = Math.max(0, (completion ?? 0) - reasoning)
  const audioOutput = Math.min(tokens.audioOutput ?? 0, outputRoom)
  const imageOutput = Math.min(tokens.imageOutput ?? 0, outputRoom - audioOutput)
  // Cached audio: which of the cached tokens were audio is not logged.
  const media = audioInput + imageInput + audioOutput + imageOutput
  if (media < sumOf(tokens.audioInput, tokens.imageInput, tokens.audioOutput, tokens.imageOutput)) {
    marks |= USAGE_MARKS['media-overlap']
  }
  return {
    prompt,
    completion,
    cached: input === null ? 0 : cached,
    cacheWrite: input === null ? 0 : (tokens.cacheWrite ?? 0),
    cacheWriteHour: input === null ? 0 : (tokens.cacheWriteHour ?? 0),
    audioInput,
    imageInput,
    reasoning: output === null ? 0 : reasoning,
    audioOutput,
    imageOutput,
    marks,
  }
}

const sumOf = (...counts: readonly (number | null)[]): number => counts.reduce<number>((sum, n) => sum + (n ?? 0), 0)

/** Where the extra counts may lie, the likeliest combination first. */
const BY_REASONING = [
  { cacheBeside: false, reasoningBeside: true, toolUseBeside: false },
  { cacheBeside: false, reasoningBeside: false, toolUseBeside: true },
  { cacheBeside: false, reasoningBeside: true, toolUseBeside: true },
  { cacheBeside: true, reasoningBeside: false, toolUseBeside: false },
  { cacheBeside: true, reasoningBeside: true, toolUseBeside: false },
  { cacheBeside: true, reasoningBeside: false, toolUseBeside: true },
  { cacheBeside: true, reasoningBeside: true, toolUseBeside: true },
] as const
const BY_CACHE = [...BY_REASONING.filter((place) => place.cacheBeside), ...BY_REASONING.filter((p) => !p.cacheBeside)]

function placementOf(tokens: TokenCounts, written: number): Placement {
  const byKeys = placementByKeys(tokens, written)
  const { input, output, total } = tokens
  if (input === null || output === null || total === null) return byKeys
  let extra = total - input - output
  // A total below its parts is wrong, and says nothing.
  if (extra < 0) return byKeys
  const cache = (tokens.cached ?? 0) + written
  const reasoning = tokens.reasoning ?? 0
  // Converted from OpenAI's protocol to Anthropic's, cached tokens stay inside the input although the gateway adds them to
  // the total: the read key comes without the creation key (Higress claude_to_openai.go:243).
  if (tokens.cacheKeys === 'anthropic-read' && extra >= cache) extra -= cache
  const fits = { ...INSIDE, ...tooLargeToBeInside(tokens, written) }
  if (extra === 0) return { ...fits, hidden: 0 }
  const found = (tokens.cacheKeys === 'anthropic' ? BY_CACHE : BY_REASONING).find(
    (place) =>
      extra ===
      (place.cacheBeside ? cache : 0) +
        (place.reasoningBeside ? reasoning : 0) +
        (place.toolUseBeside ? (tokens.toolUsePrompt ?? 0) : 0),
  )
  if (found !== undefined) return { ...found, hidden: 0 }
  const besideByKeys =
    (byKeys.cacheBeside ? cache : 0) +
    (byKeys.reasoningBeside ? reasoning : 0) +
    (byKeys.toolUseBeside ? (tokens.toolUsePrompt ?? 0) : 0)
  // What nothing explains was generated, and not counted: Gemini's thoughts in OpenAI's protocol (Higress gemini.go:750).
  return { ...byKeys, hidden: Math.max(0, extra - besideByKeys) }
}

const INSIDE = { cacheBeside: false, reasoningBeside: false, toolUseBeside: false } as const

/** Without a usable total: Anthropic's and Gemini's own keys are beside, others inside unless they are too large to be. */
function placementByKeys(tokens: TokenCounts, written: number): Placement {
  const byKeys = {
    cacheBeside: tokens.cacheKeys === 'anthropic',
    reasoningBeside: tokens.reasoningKey === 'gemini',
    toolUseBeside: true,
  }
  return { ...byKeys, ...tooLargeToBeInside(tokens, written), hidden: 0 }
}

/** A part greater than the whole is no part of it. */
function tooLargeToBeInside(tokens: TokenCounts, written: number): Partial<Placement> {
  const { input, output } = tokens
  return {
    ...(input !== null && (tokens.cached ?? 0) + written > input ? { cacheBeside: true } : {}),
    ...(output !== null && (tokens.reasoning ?? 0) > output ? { reasoningBeside: true } : {}),
  }
}

/** Names of the standard tier, by provider: OpenAI "default", "auto"; Anthropic "standard". */
const STANDARD_TIERS = new Set(['default', 'auto', 'standard', 'on_demand'])

/** The tier that served the request (`service_tier` of the response, where the operator logs it), or the model's suffix. */
function tierMark(ai: JsonObject, model: string | null): number {
  const tier = typeof ai.service_tier === 'string' ? ai.service_tier.toLowerCase() : ''
  if (tier === 'batch' || (tier === '' && model !== null && /-batch$/i.test(model))) return USAGE_MARKS['tier-batch']
  if (tier === '' || tier === '-' || STANDARD_TIERS.has(tier)) return 0
  if (tier === 'flex') return USAGE_MARKS['tier-flex']
  return tier === 'priority' ? USAGE_MARKS['tier-priority'] : USAGE_MARKS['tier-other']
}
