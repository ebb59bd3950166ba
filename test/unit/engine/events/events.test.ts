import { expect, it } from 'vitest'
import type { Progress } from '../../../../src-main/contract/index'
import { Events } from '../../../../src-main/engine/events/events'

it('tells that nothing is read any more, though nobody notes that it ended', async () => {
  const idle: Progress = {
    active: false,
    bytesDone: 0,
    bytesTotal: 0,
    bytesPerSecond: 0,
    secondsLeft: null,
    path: null,
  }
  let progress: Progress = { ...idle, active: true, path: '/logs/access.log' }
  const deletion = { active: false } as never
  const events = new Events(
    { revision: () => 1, progress: () => progress, sources: () => ({}) as never, deletion: () => deletion },
    deletion,
  )
  const told: boolean[] = []
  const ended = new Promise<void>((resolve) => {
    events.on('progress', ({ active }) => {
      told.push(active)
      progress = idle
      if (!active) resolve()
    })
  })
  events.soon()
  await ended
  events.close()
  expect(told).toEqual([true, false])
})
