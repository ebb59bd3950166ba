import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { newWorld, until } from '../../fixtures/engine/world'

// All files are closed when a path is chosen no more; the one being read was then shown as failed.
test('choosing other paths while a file is read is no failure of the file', async () => {
  const world = newWorld()
  const other = join(world.root, 'other')
  mkdirSync(other)
  appendFileSync(world.log.file(), world.log.maker.longLines(200))
  world.paths = [world.log.path, other]
  const engine = await world.open()
  const errors: unknown[] = []
  const look = () =>
    errors.push(...engine.sourcesStatus().sources.flatMap((s) => s.files.flatMap((f) => f.error ?? [])))
  engine.on('sources', look)
  engine.on('changed', look)
  engine.watch(world.paths)
  await until(() => engine.progress().bytesDone > 0, 'reading began')
  world.paths = [world.log.path]
  engine.watch(world.paths)
  await until(() => {
    look()
    return engine.store.index.requestCount() >= 200
  }, 'all is read')
  expect(errors).toEqual([])
  await world.expectExact()
})
