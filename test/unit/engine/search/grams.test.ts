import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fold } from '../../../../src-main/shared/fold'
import { GramSet, gramsOf, mayHold } from '../../../../src-main/engine/search/grams'
import { Needle } from '../../../../src-main/engine/search/needle'

/** Text with what is hard: cases that fold, escapes, Chinese, halves of pairs, words long enough for every piece. */
const character = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Array.from('abcikIKxyz0129ABC')) },
  { weight: 2, arbitrary: fc.constantFrom(...Array.from('雨伞在哪里한글、，')) },
  {
    weight: 2,
    arbitrary: fc.constantFrom(' ', '"', '\\', '\n', '\t', '/', 'é', 'İ', '\u212a', '😀', '\ud83d', 'ꙁ', 'Σ'),
  },
)
const text = fc.array(character, { maxLength: 60 }).map((characters) => characters.join(''))

/** As writers of JSON spell it: some escape all but ASCII, some a few characters more. */
const escaped = (json: string) =>
  json.replace(/[^ -~]/g, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`)
const spellings: readonly ((said: string) => string)[] = [
  (said) => JSON.stringify(JSON.stringify({ said })),
  (said) => JSON.stringify(escaped(JSON.stringify({ said }))),
  (said) => escaped(JSON.stringify(JSON.stringify({ said }))),
  (said) => JSON.stringify(JSON.stringify({ args: JSON.stringify({ said }) })),
  (said) => JSON.stringify(escaped(JSON.stringify({ args: escaped(JSON.stringify({ said })) }))),
  (said) => JSON.stringify(JSON.stringify({ said })).replace('a', '\\u0061'),
]

function filterOf(bytes: Buffer, mostBytes: number, slice = bytes.length): Buffer | null {
  const grams = new GramSet()
  for (let at = 0; at < bytes.length;) at = grams.add(bytes, at, Math.min(bytes.length, at + slice))
  return grams.filter(mostBytes)
}

describe('a filter', () => {
  it('never rules out bytes that hold the text, however they are spelled; nor does a look at the bytes', () => {
    fc.assert(
      fc.property(
        text,
        text,
        text,
        fc.constantFrom(...spellings),
        fc.constantFrom(64, 1024),
        fc.integer({ min: 1, max: 50 }),
        (before, wanted, after, spell, mostBytes, slice) => {
          const needle = wanted.toUpperCase()
          const said = before + wanted + after
          // Upper case is not always what it was: then this is no case.
          if (needle === '' || !fold(said).includes(fold(needle))) return
          const line = Buffer.from(spell(said))
          const filter = filterOf(line, mostBytes, slice)
          const { grams: places } = new Needle(needle)
          if (filter !== null && places !== null) expect(mayHold(filter, places)).toBe(true)
          expect(new Needle(needle).maybeIn(line)).toBe(true)
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('rules out most of what is not there', () => {
    const words = Array.from({ length: 5000 }, (_, at) => `word${(at * 7919).toString(36)}`)
    const filter = filterOf(Buffer.from(words.join(' ')), 64 * 1024)
    const absent = Array.from({ length: 500 }, (_, at) => `other${(at * 104_729).toString(36)}`)
    const held = absent.filter((word) => filter === null || mayHold(filter, gramsOf(word) ?? []))
    expect(held.length).toBeLessThan(25)
    expect(filter !== null && mayHold(filter, gramsOf('雨伞') ?? [])).toBe(false)
  })

  it('is none where letters are escaped, or where there are too many pieces for its size', () => {
    expect(filterOf(Buffer.from('say \\\\u0068ello'), 1024)).toBeNull()
    const noise = Array.from({ length: 20_000 }, (_, at) => Math.imul(at, 0x9e3779b1).toString(36)).join('')
    expect(filterOf(Buffer.from(noise), 64)).toBeNull()
    expect(gramsOf('a-b "!')).toBeNull()
  })
})
