import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { PriceCatalog } from '../../../../src-main/engine/pricing/catalog'
import { candidates } from '../../../../src-main/engine/pricing/normalise'
import { AT_ONCE_MS, processorMs } from '../../../fixtures/processor-time'

const prices = new PriceCatalog()
const time = Date.UTC(2026, 9, 1, 12)

describe('a model name as operators write it', () => {
  it.each([
    ['gpt-4o', 'gpt-4o', ['exact'], 2.5],
    ['GPT-4o', 'gpt-4o', ['case'], 2.5],
    ['gpt-4o-2024-08-06', 'gpt-4o', ['alias'], 2.5],
    ['openai/gpt-4o', 'gpt-4o', ['prefix'], 2.5],
    ['openai:gpt-4o', 'gpt-4o', ['prefix'], 2.5],
    ['my-team/gpt-4o', 'gpt-4o', ['prefix'], 2.5],
    ['models/gemini-2.5-pro', 'gemini-2.5-pro', ['prefix'], 1.25],
    ['gpt-4o@higress', 'gpt-4o', ['gateway'], 2.5],
    ['openai/GPT-4o@higress', 'gpt-4o', ['gateway', 'prefix', 'case'], 2.5],
    ['Qwen-Max', 'qwen-max', ['case'], 1.6],
    ['qwen-max-latest', 'qwen-max', ['latest'], 1.6],
    ['qwen3-max-2025-09-23', 'qwen3-max', ['date'], 1.2],
    ['qwen-plus-0919', 'qwen-plus', ['date'], 0.4],
    ['dashscope/qwen-max', 'qwen-max', ['prefix'], 1.6],
    ['alibaba-cn/qwen-max', 'qwen-max', ['prefix'], 0.345],
    ['claude-sonnet-4-5-20250929', 'claude-sonnet-4-5', ['date'], 3],
    ['claude-sonnet-4-5@20250929', 'claude-sonnet-4-5', ['date'], 3],
    ['gemini-2.5-pro-preview-05-06', 'gemini-2.5-pro', ['pattern'], 1.25],
    ['openrouter/openai/gpt-4o', 'openai/gpt-4o', ['prefix'], 2.5],
    ['siliconflow/Qwen/Qwen3-32B', 'Qwen/Qwen3-32B', ['prefix'], 0.14],
    ['text-embedding-3-large', 'text-embedding-3-large', ['exact'], 0.13],
  ])('%s is priced as %s by the rules %j', (logged, matchedModel, rules, input) => {
    expect(prices.find(logged, time)).toMatchObject({ matchedModel, rules, input: { base: input } })
  })

  it('is read in all of Bedrock’s parts, and priced as Bedrock prices it', () => {
    // https://aws.amazon.com/bedrock/pricing: 10 % more where the request stays in its region.
    const regional = 'regional.anthropic.claude-sonnet-4-5-20250929-v1:0'
    for (const name of [
      'bedrock/anthropic.claude-sonnet-4-5-20250929-v1:0',
      'bedrock/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
      'arn:aws:bedrock:us-east-1:123456789012:inference-profile/us.anthropic.claude-sonnet-4-5-20250929-v1:0',
    ]) {
      const price = prices.find(name, time)
      expect(price).toMatchObject({ matchedModel: regional, rules: ['prefix', 'bedrock'], input: { base: 3.3 } })
      expect(price?.source.name).toBe('AWS Bedrock')
    }
    expect(prices.find('global.anthropic.claude-sonnet-4-5-20250929-v1:0', time)?.input?.base).toBe(3)
    // A version Bedrock's list does not hold is the vendor's model of that name.
    expect(prices.find('us.deepseek.deepseek-chat-v9:0', time)).toMatchObject({
      matchedModel: 'deepseek-chat',
      rules: ['bedrock'],
    })
  })

  it.each([
    'my-own-model-7b',
    'my-gpt-4o',
    'gpt-4o-ours',
    'azure/my-deployment',
    'llama3:8b',
    'llama3:latest',
    'ollama/qwen3-32b',
    'vllm/Qwen/Qwen3-32B',
    'latest',
    '2025-09-23',
    '/',
    '@',
    'a/b/c/d/e/f/gpt-4o',
  ])('%s has no price, rather than one that is guessed', (name) => {
    expect(prices.find(name, time)).toBeNull()
  })

  it('leads to few spellings, each by rules, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[a-z0-9/@:.-]{0,60}$/)).map((text) => text),
        (name) => {
          const found = candidates(name)
          expect(found.length).toBeLessThan(24)
          for (const candidate of found.slice(1)) expect(candidate.rules).not.toEqual([])
          prices.find(name, time)
        },
      ),
    )
  })

  it('that is hostile costs no more time than another', () => {
    const find = () => {
      for (const name of ['a/'.repeat(100_000), '@'.repeat(199), '-2025-01-01'.repeat(18), ':'.repeat(200)]) {
        expect(prices.find(name, time)).toBeNull()
      }
    }
    expect(processorMs(find)).toBeLessThan(AT_ONCE_MS)
  })
})
