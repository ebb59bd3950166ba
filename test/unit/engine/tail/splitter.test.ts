import { describe, expect, it } from 'vitest'
import { LineSplitter } from '../../../../src-main/engine/tail/splitter'

interface Cut {
  readonly text: string | null
  readonly offset: number
  readonly length: number
}

/** The lines of `bytes`, pushed in pieces of `size`, and what waits. */
function split(
  bytes: Buffer,
  size: number,
  maxLineBytes?: number,
): { readonly lines: readonly Cut[]; readonly rest: string } {
  const splitter = new LineSplitter(0, maxLineBytes)
  const lines: Cut[] = []
  for (let at = 0; at < bytes.length; at += size) {
    splitter.push(Buffer.from(bytes.subarray(at, at + size)), (line, offset, length) => {
      lines.push({ text: line?.toString() ?? null, offset, length })
    })
  }
  return { lines, rest: splitter.rest?.toString() ?? '' }
}

describe('a file in UTF-16', () => {
  const TEXT = '\ufeffone 一\r\n\u0a0a\u000a\u010a two\nthree'

  it.each([
    ['little-endian', Buffer.from(TEXT, 'utf16le')],
    ['big-endian', Buffer.from(TEXT, 'utf16le').swap16()],
  ])('%s is cut at its line feeds, however it comes, with the places of its bytes', (_, bytes) => {
    for (const size of [2, 3, 7, 16, 1000]) {
      const { lines, rest } = split(bytes, size)
      expect(lines).toEqual([
        { text: '\ufeffone 一\r', offset: 0, length: 14 },
        { text: '\u0a0a', offset: 16, length: 2 },
        { text: '\u010a two', offset: 20, length: 10 },
      ])
      expect(rest).toBe('three')
    }
  })

  it('goes on as UTF-16 after a restart', () => {
    const bytes = Buffer.from('\ufeffone\ntwo\n', 'utf16le')
    const splitter = new LineSplitter(10)
    splitter.detectEncoding(bytes.subarray(0, 2))
    const lines: (string | undefined)[] = []
    splitter.push(bytes.subarray(10), (line) => lines.push(line?.toString()))
    expect(lines).toEqual(['two'])
    expect(splitter.consumed).toBe(bytes.length)
  })
})

describe('a hole at the start of a line', () => {
  it('does not count for its length, and stays part of its place', () => {
    const bytes = Buffer.concat([Buffer.alloc(1_000_000), Buffer.from('line\nnext\n')])
    const { lines } = split(bytes, 5000, 20_000)
    expect(lines).toMatchObject([
      { offset: 0, length: 1_000_004 },
      { text: 'next', offset: 1_000_005, length: 4 },
    ])
    expect(lines[0]?.text?.replaceAll('\0', '')).toBe('line')
  })
})
