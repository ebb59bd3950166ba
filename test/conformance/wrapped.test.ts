import { appendFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { expectSame } from '../fixtures/engine/expect-same'
import { newWorld, type World } from '../fixtures/engine/world'

const TIME = '2026-03-04T17:20:30.25Z'

/** A line as containerd logs it, in pieces of 200 bytes. */
function cri(line: string, stream = 'stdout'): readonly string[] {
  const pieces = line.match(/[^]{1,200}/gu) ?? []
  return pieces.map((piece, index) => `${TIME} ${stream} ${index < pieces.length - 1 ? 'P' : 'F'} ${piece}\n`)
}

function newLog(world: World): string {
  mkdirSync(world.log.path, { recursive: true })
  return world.log.file()
}

describe('a log whose lines a runtime cut into pieces', () => {
  it('is exact, wherever it is read, stopped and started again', async () => {
    const world = newWorld()
    const path = newLog(world)
    writeFileSync(path, '')
    const { maker } = world.log
    const pieces = [...cri(maker.line()), ...cri('starting up', 'stderr'), ...cri(maker.line()), ...cri(maker.line())]
    for (const piece of pieces) {
      appendFileSync(path, piece)
      await world.readOnce()
      await world.close()
    }
    const engine = await world.readOnce()
    expectSame(engine, maker.requests)
    expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 4, counted: 3, malformed: 1 })
  })

  it.each([
    ['plain', false],
    ['compressed', true],
  ])('goes on in the next file, the rotated one %s', async (_, compress) => {
    const world = newWorld()
    const path = newLog(world)
    const { maker } = world.log
    const pieces = cri(maker.line())
    writeFileSync(path, pieces.slice(0, 2).join(''))
    await world.readOnce()
    renameSync(path, `${path}.1`)
    if (compress) {
      writeFileSync(`${path}.1.gz`, gzipSync(readFileSync(`${path}.1`)))
      rmSync(`${path}.1`)
    }
    writeFileSync(path, [...pieces.slice(2), ...cri(maker.line())].join(''))
    await world.engine.readOnce(world.paths)
    expectSame(world.engine, maker.requests)
    await world.close()
    expectSame(await world.readOnce(), maker.requests)
  })

  it('counts a request once that was also logged plain, and by a collector', async () => {
    const world = newWorld()
    const path = newLog(world)
    const { maker } = world.log
    const line = maker.line()
    writeFileSync(path, `${line}\n${cri(line).join('')}${JSON.stringify({ message: line })}\n`)
    const engine = await world.readOnce()
    expectSame(engine, maker.requests)
    expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 3, counted: 1, duplicate: 2 })
  })
})

describe('a line that rotation cut', () => {
  it('is put together across the two files', async () => {
    const world = newWorld()
    const path = newLog(world)
    const { maker } = world.log
    const text = Buffer.from(maker.lines(3))
    writeFileSync(`${path}.1`, text.subarray(0, text.length / 2))
    writeFileSync(path, text.subarray(text.length / 2))
    const engine = await world.readOnce()
    expectSame(engine, maker.requests)
    expect(engine.sourcesStatus().ledger).toMatchObject({ lines: 3, counted: 3, malformed: 0 })
  })
})
