import { describe, expect, it } from 'vitest'
import { readTokens } from '../../../../src-main/engine/parse/tokens'

const none = {
  input: null,
  output: null,
  cached: null,
  reasoning: null,
  cacheWrite: null,
  cacheWriteHour: null,
  total: null,
  audioInput: null,
  audioOutput: null,
  imageInput: null,
  imageOutput: null,
  toolUsePrompt: null,
  cacheKeys: 'none',
  reasoningKey: 'none',
  detailsEmpty: false,
  bad: false,
  unusable: false,
}

describe('token counts', () => {
  it('are read as numbers and as strings of digits', () => {
    expect(readTokens({ input_token: 12, output_token: '34', cached_tokens: '0', reasoning_tokens: 5 })).toEqual({
      ...none,
      input: 12,
      output: 34,
      cached: 0,
      reasoning: 5,
      cacheKeys: 'openai',
      reasoningKey: 'openai',
    })
  })

  it('are unknown, not zero, where nothing was logged', () => {
    expect(readTokens({ input_token: null, output_token: '', cached_tokens: '-' })).toEqual(none)
  })

  it.each([-1, '-5', 1.5, '1.5', 1e12, '99999999999999999999', 'many', true, [], {}])(
    'are unknown and marked when %j was logged',
    (value) => {
      expect(readTokens({ input_token: value, output_token: 3 })).toEqual({
        ...none,
        output: 3,
        bad: true,
        unusable: true,
      })
    },
  )

  it.each([
    [{ output_token: 'many' }, true],
    [{ cached_tokens: -1 }, true],
    [{ input_token_details: { cache_creation_input_tokens: 'many' } }, true],
    // What the details say can be used, and reasoning is part of the output.
    [{ cached_tokens: -1, input_token_details: { cached_tokens: 7 } }, false],
    [{ reasoning_tokens: 'many' }, false],
  ])('%j make the cost unknown: %j', (ai, unusable) => {
    expect(readTokens({ input_token: 10, output_token: 3, ...ai })).toMatchObject({ bad: true, unusable })
  })

  it.each([
    ['OpenAI', 'openai', { cached_tokens: 7 }, { reasoning_tokens: 9 }],
    ['OpenAI as text', 'openai', '{"cached_tokens":7}', '{"reasoning_tokens":9}'],
    ['Gemini', 'gemini', { cachedContentTokenCount: 7 }, { thoughtsTokenCount: 9 }],
  ])('fall back to the details objects in the shape of %s', (_, keys, input, output) => {
    expect(readTokens({ input_token_details: input, output_token_details: output })).toEqual({
      ...none,
      cached: 7,
      reasoning: 9,
      cacheKeys: keys,
      reasoningKey: keys,
    })
  })

  it('read cache reads and writes in the shape of Anthropic', () => {
    const details = {
      cache_read_input_tokens: 100,
      cache_creation_input_tokens: 30,
      cache_creation: { ephemeral_5m_input_tokens: 20, ephemeral_1h_input_tokens: 10 },
    }
    expect(readTokens({ input_token_details: details })).toEqual({
      ...none,
      cached: 100,
      cacheWrite: 20,
      cacheWriteHour: 10,
      cacheKeys: 'anthropic',
    })
    expect(readTokens({ input_token_details: { cache_creation_input_tokens: 30 } }).cacheWrite).toBe(30)
    // The sum holds both lifetimes: what is known to be the one is not counted as the other as well.
    const hourOnly = { cache_creation_input_tokens: 30, cache_creation: { ephemeral_1h_input_tokens: 10 } }
    expect(readTokens({ input_token_details: hourOnly })).toMatchObject({ cacheWrite: 20, cacheWriteHour: 10 })
  })

  it('prefer the field over the details, also when it is zero', () => {
    expect(readTokens({ cached_tokens: 0, input_token_details: { cached_tokens: 7 } }).cached).toBe(0)
  })

  it('do not fail on details that are neither object nor JSON', () => {
    expect(readTokens({ input_token_details: '{"cached_', output_token_details: 5 })).toEqual(none)
  })
})
