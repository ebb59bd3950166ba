import { request, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as requestSecurely } from 'node:https'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { checkRelease } from '../../../../src-main/desktop/updates/release-check'
import type { AskWeb, WebAnswer } from '../../../../src-main/desktop/updates/release-check'
import type { UpdateFinding } from '../../../../src-main/contract/index'
import {
  endless,
  hanging,
  leadingTo,
  releaseFile,
  signInPage,
  startReleaseServer,
} from '../../../fixtures/release-server'
import type { ReleaseServer } from '../../../fixtures/release-server'
import { PATIENCE_MS } from '../../../fixtures/patience'
import { testCertificate } from '../../../fixtures/test-certificate'

/** Over Node's own client; the application's is driven by the end-to-end tests. */
const ask: AskWeb = (url, signal) => askTrusting(url, signal, undefined)

/** `ca`: trusted beside what the system trusts, as NODE_EXTRA_CA_CERTS has it. */
const askTrusting = (url: string, signal: AbortSignal, ca: string | undefined) =>
  new Promise<WebAnswer>((resolve, reject) => {
    const client = url.startsWith('https:') ? requestSecurely : request
    client(url, { signal, ca, agent: false }, (response) =>
      resolve({ status: response.statusCode ?? 0, location: response.headers.location ?? null, body: response }),
    )
      .on('error', reject)
      .end()
  })

let server: ReleaseServer
beforeEach(async () => void (server = await startReleaseServer()))
afterEach(() => server.close())

const url = (): string => `${server.address}/latest-linux.yml`
const check = (own = '1.2.3', timeoutMs = PATIENCE_MS): Promise<UpdateFinding> =>
  checkRelease(url(), own, { ask, timeoutMs })
const hint = async (timeoutMs?: number): Promise<unknown> => {
  const found = await check('1.2.3', timeoutMs)
  return found.kind === 'failed' ? found.error.hint : undefined
}
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

describe('over https', () => {
  let secure: ReleaseServer
  beforeEach(async () => {
    secure = await startReleaseServer({ secure: true })
    secure.answer(releaseFile('1.3.0'))
  })
  afterEach(() => secure.close())
  const checkWith = (client: AskWeb, address = secure.address): Promise<UpdateFinding> =>
    checkRelease(`${address}/latest-linux.yml`, '1.2.3', { ask: client })
  const trusting: AskWeb = (at, signal) => askTrusting(at, signal, testCertificate.cert)

  test('a certificate nobody knows is told as that, and what it may mean', async () => {
    expect(await checkWith(ask)).toMatchObject({
      kind: 'failed',
      error: { code: 'unreachable', message: expect.stringContaining('not trusted') as string },
    })
    expect(secure.requests).toEqual([])
  })

  test('one that is trusted is asked', async () => {
    expect(await checkWith(trusting)).toMatchObject({ kind: 'newer', version: '1.3.0' })
  })

  test('a redirect out of encryption is not followed, one to another https address is', async () => {
    secure.answer(leadingTo(url()))
    expect(await checkWith(trusting)).toMatchObject({ kind: 'failed', error: { code: 'refused' } })
    expect(server.requests).toEqual([])
    const other = await startReleaseServer({ secure: true })
    other.answer(releaseFile('1.4.0'))
    secure.answer(leadingTo(`${other.address}/latest-linux.yml`))
    expect(await checkWith(trusting)).toMatchObject({ kind: 'newer', version: '1.4.0' })
    await other.close()
  })

  test('a server without encryption where https is asked for', async () => {
    const found = await checkWith(ask, server.address.replace('http:', 'https:'))
    expect(found).toMatchObject({ kind: 'failed', error: { message: expect.stringContaining('encryption') as string } })
  })

  test.each([
    ['net::ERR_CERT_AUTHORITY_INVALID', 'not trusted'],
    ['net::ERR_CERT_DATE_INVALID', 'expired'],
    ['net::ERR_CERT_COMMON_NAME_INVALID', 'another name'],
    ['net::ERR_SSL_PROTOCOL_ERROR', 'encryption'],
    ['net::ERR_NAME_NOT_RESOLVED', 'no server of this name'],
    ['net::ERR_CONNECTION_REFUSED', 'refused'],
    ['net::ERR_TUNNEL_CONNECTION_FAILED', 'proxy'],
    ['net::ERR_FAILED', 'could not be reached'],
  ])('%s of Electron’s client', async (words, told) => {
    expect(await checkWith(() => Promise.reject(new Error(words)))).toMatchObject({
      kind: 'failed',
      error: { message: expect.stringContaining(told) as string },
    })
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
    // The port of a server that was closed may be another program's by now.
    expect(await checkRelease('http://127.0.0.1:1/latest.yml', '1.2.3', { ask, timeoutMs: PATIENCE_MS })).toMatchObject(
      {
        kind: 'failed',
        error: { code: 'unreachable' },
      },
    )
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

  test('a web page, as a network answers in which one has to sign in first', async () => {
    server.answer(signInPage)
    expect(await hint()).toContain('sign in')
    server.answer(leadingTo('http://sign-in.example.org/'))
    expect(await hint()).toContain('sign in')
  })

  test('each with a hint of its own', async () => {
    const hints: unknown[] = []
    const answers = [
      signInPage,
      'no version',
      endless,
      leadingTo('http://example.org/x'),
      leadingTo('again'),
      hanging,
      (_: unknown, response: ServerResponse) => void response.writeHead(503).end(),
      (_: unknown, response: ServerResponse) => void response.writeHead(404).end(),
      (incoming: IncomingMessage) => incoming.socket.destroy(),
    ]
    for (const answer of answers) {
      server.answer(answer)
      hints.push(await hint(answer === hanging ? 200 : undefined))
    }
    const gone = url()
    await server.close()
    const refused = await checkRelease(gone, '1.2.3', { ask })
    server = await startReleaseServer()
    hints.push(refused.kind === 'failed' && refused.error.hint)
    expect(hints).not.toContain(undefined)
    expect(new Set(hints).size).toBe(answers.length + 1)
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
