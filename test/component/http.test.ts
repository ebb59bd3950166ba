import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createHttpApi } from '../../src-renderer/api/http'

/** The connection to the server's events; the test says when it is made. */
class Connection extends EventTarget {
  static last: Connection | null = null
  constructor() {
    super()
    Connection.last = this
  }
}

beforeEach(() => {
  vi.stubGlobal('EventSource', Connection)
  vi.stubGlobal('fetch', (path: string) =>
    Promise.resolve(new Response(JSON.stringify({ ok: true, value: `answer of ${path}` }))),
  )
})
afterEach(() => {
  vi.unstubAllGlobals()
})

describe('a page in the browser', () => {
  it('hears of changes that came before its connection was made, the first time too', async () => {
    const api = createHttpApi()
    const heard: unknown[] = []
    api.on('changed', () => heard.push('changed'))
    api.on('sources', (status) => heard.push(status))
    api.on('progress', (progress) => heard.push(progress))
    for (const _connection of [1, 2]) {
      heard.length = 0
      Connection.last?.dispatchEvent(new Event('hello'))
      await vi.waitFor(() => expect(heard).toHaveLength(3))
      expect(heard.map(String).toSorted()).toEqual([
        'answer of api/invoke/progress',
        'answer of api/invoke/sourcesStatus',
        'changed',
      ])
    }
  })
})
