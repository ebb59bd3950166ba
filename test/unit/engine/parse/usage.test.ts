import { describe, expect, it } from 'vitest'
import type { JsonObject } from '../../../../src-main/engine/base/json'
import { isLowerBound, isUnknown, readUsage, type UsageContext } from '../../../../src-main/engine/parse/usage'
import { marksOf } from '../../../../src-main/engine/parse/usage-marks'

const context: UsageContext = { model: 'm', status: 'ok', path: '/v1/chat/completions' }

const billedOf = (ai: JsonObject, more: Partial<UsageContext> = {}) => {
  const { billed } = readUsage(ai, { ...context, ...more })
  return billed
}
const counts = (input: number, output: number, total: number, inDetails = {}, outDetails = {}): JsonObject => ({
  input_token: input,
  output_token: output,
  total_token: total,
  input_token_details: inDetails,
  output_token_details: outDetails,
})
/** What a line of the table states: the whole prompt and completion, then the parts that are not 0. */
const facts = (ai: JsonObject, more: Partial<UsageContext> = {}) => {
  const { marks, ...billed } = billedOf(ai, more)
  const parts = Object.fromEntries(Object.entries(billed).filter(([, count]) => count !== 0))
  return { ...parts, ...(marks === 0 ? {} : { marks: marksOf(marks) }) }
}

describe('usage of every provider path', () => {
  // docs/formats/usage.md has the same table with the source of each row.
  it.each<[string, JsonObject, Partial<UsageContext>, object]>([
    [
      'OpenAI and compatible: cached and reasoning tokens are parts',
      counts(7000, 900, 7900, { cached_tokens: 6000 }, { reasoning_tokens: 400 }),
      {},
      { prompt: 7000, completion: 900, cached: 6000, reasoning: 400 },
    ],
    [
      'Qwen with an explicit cache: reads and writes are parts',
      counts(9000, 100, 9100, { cached_tokens: 2000, cache_creation_input_tokens: 3000 }),
      {},
      { prompt: 9000, completion: 100, cached: 2000, cacheWrite: 3000 },
    ],
    [
      'OpenRouter: cache_write_tokens are a part',
      counts(12_000, 700, 12_700, { cached_tokens: 1000, cache_write_tokens: 8000 }),
      {},
      { prompt: 12_000, completion: 700, cached: 1000, cacheWrite: 8000 },
    ],
    [
      'Anthropic: reads and writes lie beside the input',
      counts(4100, 250, 4100 + 250 + 900 + 1500, { cache_read_input_tokens: 900, cache_creation_input_tokens: 1500 }),
      { model: 'claude-opus-4-1' },
      { prompt: 6500, completion: 250, cached: 900, cacheWrite: 1500 },
    ],
    [
      'Anthropic without a total: its two keys say the same',
      {
        input_token: 4100,
        output_token: 250,
        input_token_details: { cache_read_input_tokens: 900, cache_creation_input_tokens: 1500 },
      },
      { model: 'claude-opus-4-1' },
      { prompt: 6500, completion: 250, cached: 900, cacheWrite: 1500 },
    ],
    [
      'Anthropic converted from OpenAI: the read key alone stays a part, although the total adds it',
      counts(5000, 250, 5000 + 250 + 3500, { cache_read_input_tokens: 3500 }),
      { model: 'gpt-4o' },
      { prompt: 5000, completion: 250, cached: 3500 },
    ],
    [
      'Bedrock Converse: reads and writes as one number beside the input',
      counts(2500, 300, 2500 + 300 + 1200, { cached_tokens: 1200 }),
      { model: 'anthropic.claude-sonnet-4' },
      { prompt: 3700, completion: 300, cached: 1200, marks: ['cache-kinds-summed'] },
    ],
    [
      'Gemini in OpenAI protocol: thoughts show in the total only',
      counts(800, 150, 800 + 150 + 2200),
      { model: 'gemini-2.5-pro' },
      { prompt: 800, completion: 2350, marks: ['hidden-output'] },
    ],
    [
      'Vertex in OpenAI protocol: thoughts lie beside the output',
      counts(800, 1900, 800 + 1900 + 1700, {}, { reasoning_tokens: 1700 }),
      { model: 'gemini-2.5-pro' },
      { prompt: 800, completion: 3600, reasoning: 1700 },
    ],
    [
      'Gemini native: thoughts beside the output, tool use beside the input, cache a part',
      counts(
        1000,
        2000,
        1000 + 2000 + 3000 + 1500,
        { tool_use_prompt_token_count: 3000, cached_content_token_count: 600 },
        { thoughts_token_count: 1500 },
      ),
      { model: 'gemini-2.5-pro' },
      { prompt: 4000, completion: 3500, cached: 600, reasoning: 1500 },
    ],
    [
      'Gemini native without a total: its keys say the same',
      {
        input_token: 1000,
        output_token: 500,
        output_token_details: { thoughtsTokenCount: 300 },
      },
      { model: 'gemini-2.5-flash' },
      { prompt: 1000, completion: 800, reasoning: 300 },
    ],
    [
      'xAI: reasoning lies beside the output',
      counts(600, 90, 600 + 90 + 700, {}, { reasoning_tokens: 700 }),
      { model: 'grok-4' },
      { prompt: 600, completion: 790, reasoning: 700 },
    ],
    ['embeddings: input only', counts(40, 0, 40), { path: '/v1/embeddings' }, { prompt: 40 }],
    [
      'audio: parts of input and output',
      counts(900, 400, 1300, { audio_tokens: 700 }, { audio_tokens: 300 }),
      {},
      { prompt: 900, completion: 400, audioInput: 700, audioOutput: 300 },
    ],
    [
      'images: parts of input',
      counts(900, 4000, 4900, { image_tokens: 500 }, {}),
      {},
      { prompt: 900, completion: 4000, imageInput: 500 },
    ],
    [
      'a total below its parts says nothing',
      counts(5000, 300, 15, { cached_tokens: 2000 }),
      {},
      { prompt: 5000, completion: 300, cached: 2000 },
    ],
    [
      'more cached tokens than input lie beside it, whatever the keys',
      { input_token: 100, output_token: 5, cached_tokens: 900 },
      {},
      { prompt: 1000, completion: 5, cached: 900, marks: ['cache-kinds-summed'] },
    ],
  ])('%s', (_, ai, more, expected) => {
    const of = facts(ai, more)
    expect(of).toEqual(expected)
  })
})

describe('usage that was not reported', () => {
  it('is unknown, not free, where a stream logged zeros', () => {
    const { tokens, billed } = readUsage({ ...counts(0, 0, 0), answer: 'text' }, context)
    expect(tokens).toMatchObject({ input: null, output: null })
    expect(isUnknown(billed)).toBe(true)
    expect(marksOf(billed.marks)).toEqual(['not-reported'])
  })

  it('is unknown where only the total was logged, as of a rerank', () => {
    expect(marksOf(billedOf(counts(0, 0, 615)).marks)).toEqual(['unsplit-total'])
  })

  it('is told apart for failed requests', () => {
    expect(marksOf(billedOf({}, { status: 'error' }).marks)).toEqual(['not-reported', 'failed-unreported'])
  })

  it('is nothing where the gateway answered itself', () => {
    const hit = billedOf({ ...counts(0, 0, 0), cache_status: 'hit' })
    expect([hit.prompt, hit.completion, marksOf(hit.marks)]).toEqual([0, 0, ['answered-by-cache']])
    const denied = billedOf({ ...counts(0, 0, 0), safecheck_status: 'reqeust deny' })
    expect(marksOf(denied.marks)).toEqual(['denied-by-guard'])
    // A response that was generated and then denied was paid for.
    const response = billedOf({ ...counts(10, 20, 30), safecheck_status: 'response deny' })
    expect([response.prompt, response.marks]).toEqual([10, 0])
  })

  it('is a lower bound where a Claude stream was cut off at its placeholder', () => {
    const ai = { ...counts(3000, 1, 3001), response_type: 'stream' }
    const aborted = readUsage(ai, { model: 'claude-sonnet-4-5', status: 'cut-off', path: '/v1/messages' })
    expect(aborted.tokens.output).toBeNull()
    expect(aborted.billed).toMatchObject({ prompt: 3000, completion: null })
    expect(isLowerBound(aborted.billed)).toBe(true)
    // The same counts of a stream that ended are what they are.
    expect(isLowerBound(billedOf(ai, { model: 'claude-sonnet-4-5', path: '/v1/messages' }))).toBe(false)
  })

  it('is a lower bound where only one side was logged', () => {
    expect(marksOf(billedOf({ input_token: 10 }).marks)).toEqual(['one-side-missing'])
  })

  it('is an estimate where a Claude request logged empty details', () => {
    expect(marksOf(billedOf(counts(10, 20, 30), { model: 'claude-sonnet-4-5' }).marks)).toEqual(['cache-not-reported'])
  })
})

describe('the service tier', () => {
  it.each([
    ['flex', ['tier-flex']],
    ['priority', ['tier-priority']],
    ['batch', ['tier-batch']],
    ['scale', ['tier-other']],
    ['default', []],
    ['auto', []],
    ['standard', []],
  ])('%s is remarked on as %j', (tier, marks) => {
    expect(marksOf(billedOf({ input_token: 1, output_token: 1, service_tier: tier }).marks)).toEqual(marks)
  })

  it('is read from the suffix of a model name', () => {
    const ai = { input_token: 1, output_token: 1 }
    expect(marksOf(billedOf(ai, { model: 'claude-sonnet-4-5-batch' }).marks)).toEqual(['tier-batch'])
  })
})
