import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alignInSteps,
  describeRows,
  type AlignedRow,
  type RoundKeys,
} from '../../../../../src-main/engine/sessions/compare/align'
import { AT_ONCE_MS, processorMs } from '../../../../fixtures/processor-time'

/** A round by what was asked and answered; its history is all before it. */
function rounds(said: readonly (readonly [asked: string, reply: string])[], history = ''): RoundKeys[] {
  let so = history
  return said.map(([asked, reply]) => {
    so += `/${asked}`
    const round = { history: so, messages: `${asked}<`, asked, reply }
    so += `>${reply}`
    return round
  })
}

function alignRows(a: readonly RoundKeys[], b: readonly RoundKeys[]): readonly AlignedRow[] {
  const steps = alignInSteps(a, b)
  for (;;) {
    const { done, value } = steps.next()
    if (done === true) return value
  }
}

const aligned = (a: readonly RoundKeys[], b: readonly RoundKeys[]) => describeRows(a, b, alignRows(a, b))

const word = fc.constantFrom('a', 'b', 'c', 'go on', '')
const session = fc.array(fc.tuple(word, word), { maxLength: 40 })
/** Some histories are not known: the gateway cut them. */
const keys = fc.array(fc.record({ history: fc.option(word), messages: word, asked: word, reply: word }), {
  maxLength: 40,
})

describe('aligning the rounds of two sessions', () => {
  it('never parts a session from itself, however often it repeats itself', () => {
    fc.assert(
      fc.property(keys, (a) => {
        const { rows, runs, part, begins } = aligned(a, a)
        expect({ rows, part, begins }).toEqual({ rows: a.length, part: null, begins: null })
        expect(runs).toEqual(a.length === 0 ? [] : [{ kind: 'same', rows: a.length, a: 1, b: 1 }])
      }),
    )
  })

  it('finds the round at which an answer was another one', () => {
    fc.assert(
      fc.property(session, session, session, (before, restA, restB) => {
        const a = rounds([...before, ['what now?', 'left'], ...restA])
        const b = rounds([...before, ['what now?', 'right'], ...restB])
        expect(aligned(a, b).part).toEqual({ row: before.length + 1, how: 'answer' })
      }),
    )
  })

  it('finds the round at which something else was asked', () => {
    fc.assert(
      fc.property(session, session, session, (before, restA, restB) => {
        const a = rounds([...before, ['left?', 'yes'], ...restA])
        const b = rounds([...before, ['right?', 'no'], ...restB])
        expect(aligned(a, b).part?.row).toBe(before.length + 1)
      }),
    )
  })

  it('says which goes on where the other has ended', () => {
    fc.assert(
      fc.property(session, fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 9 }), (before, rest) => {
        const [a, b] = [rounds(before), rounds([...before, ...rest])]
        expect(aligned(a, b).part).toEqual({ row: before.length + 1, how: 'ends' })
        expect(aligned(a, b).runs.at(-1)).toEqual({ kind: 'only-b', rows: rest.length, a: null, b: before.length + 1 })
      }),
    )
  })

  it('keeps every round of both, in order, and pairs those that differ', () => {
    fc.assert(
      fc.property(keys, keys, (a, b) => {
        const rows = alignRows(a, b)
        expect(rows.map((row) => row.a).filter((round) => round >= 0)).toEqual(a.map((_, index) => index))
        expect(rows.map((row) => row.b).filter((round) => round >= 0)).toEqual(b.map((_, index) => index))
        expect(rows.length).toBeGreaterThanOrEqual(Math.max(a.length, b.length))
        const told = describeRows(a, b, rows).runs
        expect(told.reduce((sum, run) => sum + run.rows, 0)).toBe(rows.length)
        // A run's rounds count up by themselves.
        let at = 0
        for (const run of told) {
          for (let step = 0; step < run.rows; step += 1) {
            expect(rows[at]?.a).toBe(run.a === null ? -1 : run.a - 1 + step)
            expect(rows[at]?.b).toBe(run.b === null ? -1 : run.b - 1 + step)
            at += 1
          }
        }
      }),
    )
  })

  it('sees the same rows from either side where one is a part of the other', () => {
    fc.assert(
      fc.property(session, session, (before, rest) => {
        const [a, b] = [rounds(before), rounds([...before, ...rest])]
        const mirrored = { same: 'same', changed: 'changed', 'only-a': 'only-b', 'only-b': 'only-a' } as const
        expect(aligned(b, a).kinds.map((kind) => mirrored[kind])).toEqual(aligned(a, b).kinds)
      }),
    )
  })

  it('goes on beside the other after a round of its own', () => {
    const shared = [
      ['plan', 'ok'],
      ['build', 'built'],
      ['test', 'green'],
    ] as const
    const a = rounds(shared)
    const b = rounds([shared[0], ['look again', 'looked'], shared[1], shared[2]])
    expect(aligned(a, b)).toMatchObject({
      runs: [
        { kind: 'same', rows: 1 },
        { kind: 'only-b', rows: 1, b: 2 },
        { kind: 'same', rows: 2, a: 2, b: 3 },
      ],
      part: { row: 2, how: 'extra' },
    })
  })

  it('knows a session that begins where another one was', () => {
    const a = rounds([
      ['one', '1'],
      ['two', '2'],
      ['three', '3'],
      ['four', '4'],
    ])
    const [, , third] = a
    // Its first request sends the whole history, all of it new to it.
    const b = [
      { history: third?.history ?? '', messages: 'all of it', asked: 'all of it', reply: '3' },
      ...rounds([['five', '5']], 'elsewhere'),
    ]
    expect(aligned(a, b)).toMatchObject({
      begins: { side: 'b', after: 2 },
      part: { row: 4, how: 'messages' },
      runs: [
        { kind: 'only-a', rows: 2 },
        { kind: 'same', rows: 1, a: 3, b: 1 },
        { kind: 'changed', rows: 1, a: 4, b: 2 },
      ],
    })
    expect(aligned(b, a)).toMatchObject({ begins: { side: 'a', after: 2 }, part: { row: 4 } })
  })

  it('aligns sessions of thousands of rounds in a moment', () => {
    const many = Array.from(
      { length: 40_000 },
      (_, index) => [`ask ${String(index % 50)}`, `say ${String(index)}`] as const,
    )
    const [a, b] = [rounds(many.slice(0, 39_000).map(([q, r]) => [q.slice(-20), r])), rounds(many.slice(1000))]
    const short = (list: RoundKeys[]) => list.map((round, at) => ({ ...round, history: `${String(at)}${round.reply}` }))
    const [left, right] = [short(a), short(b)]
    const align = () => expect(alignRows(left, right).length).toBeGreaterThan(39_000)
    expect(processorMs(align)).toBeLessThan(AT_ONCE_MS)
  })
})
