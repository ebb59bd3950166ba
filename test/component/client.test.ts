import { describe, expect, it, vi } from 'vitest'
import type { MonitorApi } from '@contract'
import { overBridge } from '../../src-renderer/api/bridge'
import { createClient } from '../../src-renderer/api/client'
import { MonitorError, toAppError } from '../../src-renderer/api/error'

const bridge = (change: Partial<MonitorApi>): MonitorApi => ({
  invoke: () => Promise.reject(new Error('unused')),
  on: () => () => undefined,
  addDropped: () => Promise.resolve({ ok: true, value: [] }),
  ...change,
})

describe('the client', () => {
  it('hands out the value of a success', async () => {
    const client = createClient(() =>
      bridge({ invoke: () => Promise.resolve({ ok: true, value: '/report.json' as never }) }),
    )
    await expect(client.call('prices:export')).resolves.toBe('/report.json')
  })

  it('throws a failure with everything that was said about it', async () => {
    const error = { code: 'permission', message: 'Cannot read.', where: '/var/log', hint: 'Ask your admin.' } as const
    const client = createClient(() => bridge({ invoke: () => Promise.resolve({ ok: false, error }) }))
    const thrown: unknown = await client.call('sourcesStatus').catch((reason: unknown) => reason)
    expect(thrown).toBeInstanceOf(MonitorError)
    expect(toAppError(thrown)).toMatchObject(error)
  })

  it('turns a broken bridge into an error that can be shown', async () => {
    const client = createClient(() => bridge({ invoke: () => Promise.reject(new Error('gone')) }))
    await expect(client.call('app:info')).rejects.toMatchObject({ code: 'internal', message: 'gone' })
  })

  it('says so where there is no bridge at all', async () => {
    const client = createClient(() => undefined)
    await expect(client.call('app:info')).rejects.toBeInstanceOf(MonitorError)
    await expect(client.addDropped([])).rejects.toBeInstanceOf(MonitorError)
  })

  it('passes channel, arguments and files on untouched', async () => {
    const invoke = vi.fn(() => Promise.resolve({ ok: true, value: undefined as never }))
    const addDropped = vi.fn(() => Promise.resolve({ ok: true as const, value: ['/a'] }))
    const client = createClient(() => bridge({ invoke: invoke as unknown as MonitorApi['invoke'], addDropped }))
    await client.call('sources:remove', '/var/log')
    expect(invoke).toHaveBeenCalledWith('sources:remove', '/var/log')
    const file = new File(['x'], 'access.log')
    await expect(client.addDropped([file])).resolves.toEqual(['/a'])
    expect(addDropped).toHaveBeenCalledWith([file])
  })
})

describe('answers over the bridge', () => {
  it.each([10, 2_000_000])('of %i characters arrive whole', async (length) => {
    const value = '文'.repeat(length)
    const api = overBridge({
      invoke: () => Promise.resolve(JSON.stringify({ ok: true, value })),
      on: () => () => undefined,
      addDropped: () => Promise.resolve({ ok: true, value: [] }),
    })
    expect(await api.invoke('sourcesStatus')).toEqual({ ok: true, value })
  })
})
