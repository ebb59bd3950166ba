import { request } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkRelease } from '../../../src-main/app/release-check'
import type { AskWeb, WebAnswer } from '../../../src-main/app/release-check'
import type { UpdateFinding } from '../../../src-main/contract/index'
import { endless, hanging, leadingTo, releaseFile, startReleaseServer } from '../../fixtures/release-server'
import type { ReleaseServer } from '../../fixtures/release-server'

/** Over Node's own client; the application's is driven by the end-to-end tests. */
const ask: AskWeb = (url, signal) =>
  new Promise<WebAnswer>((resolve, reject) => {
    request(url, { signal }, (response) =>
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? null, body: response }),
    )
      .on('error', reject)
      .end()
  })

let server: ReleaseServer
beforeEach(async () => void (server = await startReleaseServer()))
afterEach(() => server.close())

const url = (): string => `${server.address}/latest-linux.yml`
const check = (own = '1.2.3', timeoutMs = 10_000): Promise<UpdateFinding> =>
  checkRelease(url(), own, { ask, timeoutMs })
const failure = async (timeoutMs?: number): Promise<unknown> => {
  const found = await check('1.2.3', timeoutMs)
  return found.kind === 'failed'
    ? { code: found.error.code, where: found.error.where, told: found.error.hint !== undefined }
    : found
}

describe('what is published', () => {
  test.each([
    ['1.2.4', 'newer'],
    ['2.0.0-rc.1', 'newer'],
    ['1.2.3', 'same'],
    ['1.2.3+20260304', 'same'],
    ['1.2.3-rc.1', 'older'],
    ['0.9.0', 'older'],
  ])('%s is %s than 1.2.3', async (version, kind) => {
    server.answer(releaseFile(version))
    expect(await check()).toEqual({ kind, version, released: Date.UTC(2026, 2, 4, 5, 6, 7, 890) })
    expect(server.requests.map(({ path }) => path)).toEqual(['/releases/latest-linux.yml'])
  })

  test('is newer for a pre-release when it is the release itself', async () => {
    server.answer(releaseFile('1.2.3'))
    expect(await check('1.2.3-rc.9')).toMatchObject({ kind: 'newer', version: '1.2.3' })
  })

  test('is found behind a redirect on the same server', async () => {
    server.answer((request, response) => {
      if (request.url === '/releases/latest-linux.yml') leadingTo('../files/1.yml')(request, response)
      else response.end(releaseFile('1.3.0'))
    })
    expect(await check()).toMatchObject({ kind: 'newer', version: '1.3.0' })
    expect(server.requests.map(({ path }) => path)).toEqual(['/releases/latest-linux.yml', '/files/1.yml'])
  })
})

describe('what could not be checked is told with its reason and place', () => {
  test('nothing there', async () => {
    expect(await failure()).toEqual({ code: 'not-found', where: url(), told: true })
  })

  test('an error of the server', async () => {
    server.answer((_request, response) => void response.writeHead(503).end(releaseFile('9.0.0')))
    expect(await failure()).toEqual({ code: 'unreachable', where: url(), told: true })
  })

  test('something else', async () => {
    server.answer('<!doctype html><title>Welcome</title>')
    expect(await failure()).toEqual({ code: 'unreadable', where: url(), told: true })
  })

  test('far too much, of which little is taken', async () => {
    server.answer(endless)
    expect(await failure()).toEqual({ code: 'unreadable', where: url(), told: true })
  })

  test('a server that says nothing, and one that stops in the middle', async () => {
    server.answer(() => undefined)
    expect(await failure(200)).toEqual({ code: 'unreachable', where: url(), told: true })
    server.answer(hanging)
    expect(await failure(200)).toEqual({ code: 'unreachable', where: url(), told: true })
  })

  test('a client that does not even end when it is told to', async () => {
    const deaf: AskWeb = () => new Promise(() => undefined)
    expect(await checkRelease(url(), '1.2.3', { ask: deaf, timeoutMs: 50 })).toMatchObject({
      kind: 'failed',
      error: { code: 'unreachable', message: 'The server did not answer in time.' },
    })
  })

  test('a connection that breaks', async () => {
    server.answer((request) => request.socket.destroy())
    expect(await failure()).toEqual({ code: 'unreachable', where: url(), told: true })
  })

  test('no server at all', async () => {
    const gone = url()
    await server.close()
    expect(await checkRelease(gone, '1.2.3', { ask })).toMatchObject({ kind: 'failed', error: { code: 'unreachable' } })
    server = await startReleaseServer()
  })

  test.each([
    'file:///etc/hostname',
    'ftp://127.0.0.1/x',
    'http://example.org/latest-linux.yml',
    'http://127.0.0.1:1/x',
    'http://[',
  ])('a redirect to %s, which is not followed', async (location) => {
    server.answer(leadingTo(location))
    expect(await failure()).toEqual({ code: 'refused', where: url(), told: true })
    expect(server.requests).toHaveLength(1)
  })

  test('redirects without an end', async () => {
    server.answer(leadingTo('again'))
    expect(await failure()).toEqual({ code: 'refused', where: url(), told: true })
    expect(server.requests).toHaveLength(6)
  })

  test('from elsewhere a redirect to this computer or out of encryption', async () => {
    const asked: string[] = []
    const elsewhere: AskWeb = (at) => {
      asked.push(at)
      return Promise.resolve({
        status: 302,
        location: `${server.address}/latest-linux.yml`,
        body: (async function* () {})(),
      })
    }
    expect(await checkRelease('https://example.org/latest-linux.yml', '1.2.3', { ask: elsewhere })).toMatchObject({
      kind: 'failed',
      error: { code: 'refused' },
    })
    expect(asked).toEqual(['https://example.org/latest-linux.yml'])
  })
})
