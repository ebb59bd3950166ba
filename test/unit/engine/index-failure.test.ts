import { expect, test, vi } from 'vitest'
import { newWorld } from '../../fixtures/engine/world'

// The second copy shifted the numbers of all later requests against those their histories are told by.
test('a block that the archive took and the index did not is not appended once more', async () => {
  const world = newWorld()
  world.log.append(5, '', { sessionId: 's' })
  const engine = await world.open()
  vi.spyOn(engine.store.index, 'apply').mockImplementationOnce(() => {
    throw new Error('out of memory')
  })
  await expect(engine.readOnce(world.paths)).rejects.toThrow()
  await vi.waitFor(() => {
    expect(engine.store.index.requestCount()).toBe(5)
  })
  expect(engine.store.archive.end.nextSeq).toBe(6)
  world.log.append(5, '', { sessionId: 's' })
  await world.expectExact()
})
