import { describe, expect, it } from 'vitest'
import { Unwrapper } from '../../../../src-main/engine/unwrap/unwrapper'
import { pieces, request, sessions, unwrap } from './gateway-log'

/** Long enough for several pieces, with characters that pieces cut in their middle. */
const LONG = request('long', '历史 🙂 history '.repeat(3000))
const TIME = '2026-03-04T17:20:30.25Z'

const cri = (text: string, stream = 'stdout', bytes = 16 * 1024) => {
  const all = pieces(text, bytes)
  return all.map((piece, index) =>
    Buffer.concat([Buffer.from(`${TIME} ${stream} ${index < all.length - 1 ? 'P' : 'F'} `), piece]),
  )
}

/** Docker cuts between characters only because its JSON can't hold half of one: by characters, then. */
const docker = (text: string, stream = 'stdout', length = 5000) => {
  const all = `${text}\n`.match(new RegExp(`[^]{1,${String(length)}}`, 'gu')) ?? []
  return all.map((log) => JSON.stringify({ log, stream, time: TIME }))
}

describe('pieces of a line that a runtime cut', () => {
  it.each([
    ['CRI', 'cri', cri(LONG)],
    ["conmon's CRI", 'cri', cri(LONG, 'stdout', 8 * 1024)],
    ['docker', 'docker', docker(LONG)],
    ['docker with labels', 'docker', docker(LONG).map((line) => line.replace(/}$/, ',"attrs":{"tag":"x"}}'))],
  ])('of %s become the line, whose place is all of theirs', (_, wrapper, lines) => {
    const handed = unwrap(lines)
    const bytes = lines.reduce((sum, line) => sum + Buffer.from(line).length + 1, 0) - 1
    expect(handed).toHaveLength(1)
    expect(handed[0]).toMatchObject({ text: LONG, wrapper, offset: 0, length: bytes })
  })

  it.each([
    ['CRI', cri(LONG), cri(request('other', 'x'.repeat(40_000)), 'stderr')],
    ['docker', docker(LONG), docker(request('other', 'x'.repeat(40_000)), 'stderr')],
  ])('of two streams of %s that come in turns are told apart', (_, left, right) => {
    const turns = [...left, ...right].flatMap((_, index) => [
      ...left.slice(index, index + 1),
      ...right.slice(index, index + 1),
    ])
    expect(sessions(unwrap(turns))).toEqual(expect.arrayContaining(['long', 'other']))
    expect(unwrap(turns).filter(({ wrapper }) => wrapper === null)).toEqual([])
  })

  it.each([
    ['logtag', (last: boolean) => ({ logtag: last ? 'F' : 'P' })],
    ['partial_message', (last: boolean) => ({ partial_message: 'true', partial_id: 'p1', partial_last: String(last) })],
  ])("a collector's %s joins them too", (_, mark) => {
    const all = LONG.match(/[^]{1,9000}/gu) ?? []
    const lines = all.map((log, index) => JSON.stringify({ log, stream: 'stdout', ...mark(index === all.length - 1) }))
    expect(unwrap(lines)).toMatchObject([{ text: LONG, wrapper: 'collector' }])
  })

  it('of a line in the journal are joined by its own marks', () => {
    const all = LONG.match(/[^]{1,9000}/gu) ?? []
    const lines = all.map((message, index) =>
      JSON.stringify({
        __REALTIME_TIMESTAMP: '1772644830250000',
        CONTAINER_PARTIAL_MESSAGE: 'true',
        CONTAINER_PARTIAL_ID: 'p',
        CONTAINER_PARTIAL_LAST: index === all.length - 1 ? 'true' : 'false',
        MESSAGE: message,
      }),
    )
    expect(unwrap(lines)).toMatchObject([{ text: LONG, wrapper: 'journal' }])
  })

  it('the times that docker logs -t puts inside a long line are taken out', () => {
    const timed = Buffer.concat(pieces(LONG, 16 * 1024).flatMap((piece) => [Buffer.from(`${TIME} `), piece]))
    expect(unwrap([timed])).toMatchObject([{ text: LONG, wrapper: 'timestamps' }])
    expect(unwrap([Buffer.concat([Buffer.from('gw-1  | '), timed])])).toMatchObject([{ text: LONG }])
  })

  it('a line that begins anew in the middle of another ends that one as cut', () => {
    const handed = unwrap([...cri(LONG).slice(0, 2), ...cri(request('next'))])
    expect(handed).toMatchObject([{ kind: 'cut' }, { kind: 'whole', text: request('next') }])
    expect(sessions(handed)).toEqual(['next'])
  })

  it('says where the first line starts whose end has not come', () => {
    const unwrapper = new Unwrapper()
    expect(unwrapper.unfinishedFrom).toBeNull()
    unwrap([...cri(request('a')), ...cri(LONG).slice(0, 2)], unwrapper)
    expect(unwrapper.unfinishedFrom).toBe(cri(request('a'))[0]!.length + 1)
    expect(unwrapper.unfinished).toBe(1)
    expect(sessions(unwrap(cri(LONG).slice(2), unwrapper))).toEqual(['long'])
    expect(unwrapper.unfinishedFrom).toBeNull()
  })

  it('the state between any two lines is got back by reading from that place', () => {
    const lines = [...cri(request('a')), ...cri(LONG), ...cri(request('b'), 'stderr', 100), ...cri(request('c'))]
    const offsets = lines.map((_, index) => lines.slice(0, index).reduce((sum, line) => sum + line.length + 1, 0))
    for (const [stop, offset] of offsets.entries()) {
      const first = new Unwrapper()
      const before = unwrap(lines.slice(0, stop), first)
      const second = new Unwrapper()
      const from = offsets.indexOf(first.unfinishedFrom ?? offset)
      unwrap(lines.slice(from, stop), second, offsets[from])
      const after = unwrap(lines.slice(stop), second, offset)
      expect([...before, ...after]).toEqual(unwrap(lines))
    }
  })

  it('go on in the next file of a log', () => {
    const before = new Unwrapper()
    unwrap(cri(LONG).slice(0, 2), before)
    const next = new Unwrapper()
    next.takeOver(before)
    expect(unwrap(cri(LONG).slice(2), next)).toMatchObject([{ text: LONG, offset: 0 }])
  })
})
