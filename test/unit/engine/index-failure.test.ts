import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { newWorld } from '../../fixtures/engine/world'
import { eventually } from '../../fixtures/patience'

// The second copy shifted the numbers of all later requests against those their histories are told by.
test('a block that the archive took and the index did not is not appended once more', async () => {
  const world = newWorld()
  world.log.append(5, '', { sessionId: 's' })
  const engine = await world.open()
  vi.spyOn(engine.store.index, 'apply').mockImplementationOnce(() => {
    throw new Error('out of memory')
  })
  await expect(engine.readOnce(world.paths)).rejects.toThrow()
  await eventually(() => expect(engine.store.index.requestCount()).toBe(5))
  expect(engine.store.archive.end.nextSeq).toBe(6)
  world.log.append(5, '', { sessionId: 's' })
  await world.expectExact()
})

// Saved between the archive's taking a block and the index's, the index stood for an archive position it had not reached:
// after a crash the block's requests were missing from it for good, and with them the history of those that built on them.
test('an index that lacks the last block is not saved as if it had it', async () => {
  const world = newWorld()
  world.log.append(5, '', { sessionId: 's' })
  const engine = await world.open()
  // It is tried again and again, until there is memory.
  const apply = vi.spyOn(engine.store.index, 'apply').mockImplementation(() => {
    throw new Error('out of memory')
  })
  await expect(engine.readOnce(world.paths)).rejects.toThrow()
  const snapshot = join(world.data, 'index.snapshot')
  await engine.store.saveSnapshot()
  expect(existsSync(snapshot)).toBe(false)
  apply.mockRestore()
  await eventually(() => expect(engine.store.index.requestCount()).toBe(5))
  await engine.store.saveSnapshot()
  expect(existsSync(snapshot)).toBe(true)
})
