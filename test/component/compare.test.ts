import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AlignedRun, Alignment, ComparedSession } from '@contract'
import { createFormat } from '../../src-renderer/lib/format'
import { callPairs, messagePairs, toolNames } from '../../src-renderer/features/compare/round-pair'
import { countKinds, measureRows, nextDifference, rowRounds } from '../../src-renderer/features/compare/rows'
import { totalRows } from '../../src-renderer/features/compare/totals'
import { compareTexts, shortened } from '../../src-renderer/features/compare/word-diff'
import { createAppRouter } from '../../src-renderer/router'
import { compareRoute } from '../../src-renderer/lib/routes'
import { aHeader, aRound, textPart } from './support'

const run = (kind: AlignedRun['kind'], rows: number, a: number | null, b: number | null): AlignedRun => ({
  kind,
  rows,
  a,
  b,
})
const alignment: Alignment = {
  rows: 10,
  runs: [run('same', 3, 1, 1), run('only-b', 2, null, 4), run('same', 1, 4, 6), run('changed', 4, 5, 7)],
  part: { row: 4, how: 'extra' },
  begins: null,
}

describe('the rows of a comparison', () => {
  it('know their rounds', () => {
    expect(rowRounds(alignment, 3)).toEqual({ kind: 'same', a: 3, b: 3 })
    expect(rowRounds(alignment, 5)).toEqual({ kind: 'only-b', a: null, b: 5 })
    expect(rowRounds(alignment, 10)).toEqual({ kind: 'changed', a: 8, b: 10 })
    expect(rowRounds(alignment, 11)).toBeNull()
    expect(countKinds(alignment)).toEqual({ same: 4, changed: 4, 'only-a': 0, 'only-b': 2 })
  })

  it('lead from one difference to the next, and stop at the ends', () => {
    const steps = (direction: 1 | -1, from: number): number[] => {
      const next = nextDifference(alignment, from, direction)
      return next === null ? [] : [next, ...steps(direction, next)]
    }
    expect(steps(1, 0)).toEqual([4, 5, 7, 8, 9, 10])
    expect(steps(-1, 11)).toEqual([10, 9, 8, 7, 5, 4])
  })

  it('have a figure where there is one, and none where there is no round', () => {
    const series = (costs: (number | null)[]) => ({
      revision: 1,
      times: costs.map(() => 0),
      inputTokens: costs.map(() => 5),
      promptTokens: costs.map(() => 5),
      cachedTokens: costs.map(() => null),
      outputTokens: costs.map(() => null),
      costUsd: costs,
    })
    const both = { a: series([1, null, 2, 1]), b: series([1, 1]) }
    const small: Alignment = { ...alignment, rows: 4, runs: [run('same', 2, 1, 1), run('only-a', 2, 3, null)] }
    expect(measureRows(small, both, 'cost')).toEqual({ a: [1, null, 2, 1], b: [1, 1, null, null] })
    expect(measureRows(small, both, 'costSum')).toEqual({ a: [1, 1, 3, 4], b: [1, 2, null, null] })
    expect(measureRows(small, { a: null, b: null }, 'input')).toEqual({
      a: [null, null, null, null],
      b: [null, null, null, null],
    })
  })
})

describe('the totals of two sessions', () => {
  const session = (change: Partial<ComparedSession>): ComparedSession => ({
    ...aHeader(),
    models: [{ model: 'gpt-4o', rounds: 3 }],
    logged: { input: 3, output: 3, cached: 3, reasoning: 0 },
    firstToken: null,
    duration: { median: 100, p95: 200, rounds: 3 },
    ...change,
  })
  const t = (key: string): string => key
  const rowsOf = (a: ComparedSession, b: ComparedSession) =>
    new Map(totalRows(a, b, createFormat('en-US'), t).map((row) => [row.key, row]))

  it('say by how much they differ', () => {
    const rows = rowsOf(session({ inputTokens: 1000 }), session({ inputTokens: 1250, rounds: 3 }))
    expect(rows.get('input')).toMatchObject({ a: '1,000', b: '1,250', difference: '+250 (+25%)', tone: 'more' })
    expect(rows.get('rounds')).toMatchObject({ difference: '–', tone: 'none' })
    const less = rowsOf(session({ duration: { median: 400, p95: 900, rounds: 1 } }), session({}))
    expect(less.get('median')).toMatchObject({ difference: '−300ms (−75%)', tone: 'less' })
  })

  it('never take what is not known for nothing', () => {
    const rows = rowsOf(session({ costUsd: null, unpricedRounds: 3 }), session({ costUsd: 0.5 }))
    expect(rows.get('cost')).toMatchObject({ a: 'app.unknown', difference: 'app.unknown' })
    expect(rows.get('reasoning')).toMatchObject({ a: 'app.unknown', b: 'app.unknown', difference: 'app.unknown' })
    expect(rows.get('firstToken')?.difference).toBe('app.unknown')
    const partly = rowsOf(session({ costUsd: 1, unpricedRounds: 1 }), session({ costUsd: 2, unpricedRounds: 0 }))
    expect(partly.get('cost')).toMatchObject({ a: '≥\u00a0$1.00', b: '$2.00' })
    expect(partly.get('cost')?.difference).toContain('?')
  })
})

describe('two texts', () => {
  const joined = (pieces: readonly { readonly text: string }[]): string => pieces.map(({ text }) => text).join('')

  it('are told apart by words, and lose nothing', () => {
    const compared = compareTexts('Step 3 is fine.', 'Step 3 fails after all.')
    expect(compared?.a.filter(({ differs }) => differs).map(({ text }) => text)).toEqual(['is fine'])
    expect(compared?.b.filter(({ differs }) => differs).map(({ text }) => text)).toEqual(['fails after all'])
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (a, b) => {
        const found = compareTexts(a, b)
        expect(found === null ? [a, b] : [joined(found.a), joined(found.b)]).toEqual([a, b])
      }),
    )
  })

  it('are told apart in a language without spaces', () => {
    const compared = compareTexts('缓存键包含锁文件', '缓存键不包含锁文件')
    expect(compared?.a.some(({ differs }) => differs)).toBe(false)
    expect(compared?.b.filter(({ differs }) => differs).map(({ text }) => text)).toEqual(['不'])
  })

  it('are given up when they are too long, and shown near the change when they are long', () => {
    expect(compareTexts('x'.repeat(300_000), 'y'.repeat(300_000))).toBeNull()
    const long = `${'same '.repeat(1000)}old`
    const pieces = compareTexts(long, `${'same '.repeat(1000)}new`)?.a ?? []
    expect(joined(shortened(pieces)).length).toBeLessThan(600)
    expect(joined(shortened(pieces))).toMatch(/old$/)
  })
})

describe('two rounds', () => {
  it('put messages and calls of a kind beside each other', () => {
    const message = (role: string, text: string) => ({ role, name: null, parts: [textPart(text)] })
    const differing = { same: 0, removedMore: 0, addedMore: 0 }
    expect(
      messagePairs({
        ...differing,
        removed: [message('user', 'a'), message('assistant', 'b')],
        added: [message('user', 'c'), message('tool', 'd')],
      }),
    ).toEqual([
      { role: 'user', a: 'a', b: 'c' },
      { role: 'assistant', a: 'b', b: null },
      { role: 'tool', a: null, b: 'd' },
    ])
    const call = (name: string, args: string) => ({ id: null, name, arguments: args, truncated: false })
    const { newMessages: _a, ...a } = aRound({ toolCalls: [call('read', '1'), call('run', '2')] })
    const { newMessages: _b, ...b } = aRound({ toolCalls: [call('run', '3'), call('stop', '4')] })
    expect(callPairs(a, b)).toEqual([
      { name: 'read', a: '1', b: null },
      { name: 'run', a: '2', b: '3' },
      { name: 'stop', a: null, b: '4' },
    ])
    expect(callPairs(null, b)).toHaveLength(2)
  })

  it('read the tools that were offered, in any shape, and nothing else for them', () => {
    expect(toolNames('[{"type":"function","function":{"name":"search"}},{"name":"run"}]')).toEqual(['search', 'run'])
    expect(toolNames('[1,2]')).toBeNull()
    expect(toolNames('[null]')).toBeNull()
    expect(toolNames('auto')).toBeNull()
  })
})

it('the address of a comparison gives back any two ids, or the one that is chosen', () => {
  const router = createAppRouter()
  const propsOf = (a: string | null, b: string | null): unknown => {
    const found = router.resolve(router.resolve(compareRoute(a, b)).fullPath)
    expect(found.name).toBe('compare')
    const { props } = found.matched[0] ?? {}
    return (props?.['default'] as (route: typeof found) => unknown)(found)
  }
  for (const pair of [
    ['a', 'b'],
    ['', 'x/..:?#%'],
    ['~none', null],
    [null, '\ud800 日志'],
    [null, null],
  ] as const) {
    expect(propsOf(pair[0], pair[1])).toEqual({ a: pair[0], b: pair[1] })
  }
})
