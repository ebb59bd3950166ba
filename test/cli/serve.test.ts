import { once } from 'node:events'
import { appendFileSync, realpathSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { hostNames, isLoopback, isToken, refusal } from '../../src-main/server/access'
import { logLine } from '../fixtures/log-line'
import { eventually } from '../fixtures/patience'
import { json, startCli, storeOf } from './run-cli'

const line = (n: number): string =>
  logLine(
    {
      session_id: `s:${n % 20}`,
      model: 'gpt-4o',
      input_token: 1000,
      output_token: 10,
      question: `q ${n}`,
      answer: `a ${n}`,
    },
    { start_time: new Date(Date.UTC(2026, 1, 1, 10) + n * 1000).toISOString(), request_id: `r${n}` },
  )
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `${line(from + n)}\n`).join('')

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** Few at a time: not every system lets a process have hundreds of connections. `localhost` may be two addresses. */
const agent = new Agent({ maxSockets: 20, family: 4 })

/** A plain request: fetch() lets nobody choose Host, Origin or the like. */
function ask(url: string, headers: Record<string, string> = {}, body?: unknown): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: body === undefined ? 'GET' : 'POST', headers, agent }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => (text += piece))
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
      })
    })
    sent.on('error', reject)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

async function start(args: readonly string[], env: Record<string, string> = {}): Promise<string> {
  const server = startCli(['serve', '--port', '0', ...args], env)
  await eventually(() => expect(`${server.output().stdout}${server.output().stderr}`).toMatch(/http:\S+\n/))
  return (/http:\S+/.exec(server.output().stdout)?.[0] ?? '').replace(/\/$/, '')
}

describe('serve', () => {
  let folder = ''
  let store = ''
  let log = ''

  beforeAll(async () => {
    ;({ folder, store, log } = await storeOf(lines(0, 100).trimEnd().split('\n')))
  })

  it('answers the original’s endpoints with its fields, and the same numbers as the command line', async () => {
    const base = await start(['--data-dir', store])
    const [sessions, stats, session] = await Promise.all([
      ask(`${base}/api/sessions`),
      ask(`${base}/api/stats`),
      ask(`${base}/api/session?id=${encodeURIComponent('s:7')}`),
    ])
    const listed = JSON.parse(sessions.body) as { session_id: string; updated_at: string }[]
    expect(listed).toHaveLength(20)
    expect(listed[0]).toEqual({
      session_id: 's:19',
      model: 'gpt-4o',
      messages_count: 5,
      total_tokens: 5050,
      updated_at: new Date(Date.UTC(2026, 1, 1, 10) + 99_000).toISOString(),
      cost: 0.013,
      inferred: false,
      unpriced_rounds: 0,
    })
    expect(JSON.parse(stats.body)).toMatchObject({
      total_sessions: 20,
      total_cost: 0.26,
      by_model: { 'gpt-4o': { count: 20, input_tokens: 100_000, output_tokens: 1000, cost: 0.26 } },
      by_date: { '2026-02-01': { count: 20, models: ['gpt-4o'] } },
    })
    const shown = await json<object>('show', 's:7', '--data-dir', store, '--json')
    expect(JSON.parse(session.body)).toEqual({ ...shown, cost: 0.013 })
    expect((await ask(`${base}/api/session?id=nope`)).status).toBe(404)
    expect((await ask(`${base}/api/session`)).status).toBe(400)
    for (const path of ['/', '/session?id=s%3A7']) {
      const page = await ask(base + path)
      expect(page.body).toContain('<div id="app">')
      expect(page.headers['content-security-policy']).toContain("default-src 'none'")
      expect(page.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect((await ask(`${base}/..%2f..%2fpackage.json`)).status).toBe(404)
    expect((await ask(`${base}/../package.json`)).status).toBe(404)
  })

  it('keeps out other names, other origins, what is malformed, and everything that changes something', async () => {
    const base = await start(['--data-dir', store])
    const { host } = new URL(base)
    const invoke = (channel: string, args: unknown, headers: Record<string, string> = {}) =>
      ask(`${base}/api/invoke/${channel}`, { 'Content-Type': 'application/json', ...headers }, args)
    expect(await invoke('overview', [{ recentLimit: 1 }])).toMatchObject({ status: 200 })
    expect((await ask(`${base}/api/stats`, { Host: 'evil.example' })).status).toBe(403)
    expect((await ask(`${base}/`, { Host: `evil.example:${new URL(base).port}` })).status).toBe(403)
    expect((await invoke('overview', [{ recentLimit: 1 }], { Origin: 'http://evil.example' })).status).toBe(403)
    expect((await invoke('overview', [{ recentLimit: 1 }], { Origin: 'null' })).status).toBe(403)
    expect((await invoke('overview', [{ recentLimit: 1 }], { Origin: `http://${host}` })).status).toBe(200)
    expect(
      (await ask(`${base}/api/stats`, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors' })).status,
    ).toBe(403)
    expect(
      (await ask(`${base}/session?id=x`, { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate' })).status,
    ).toBe(200)
    expect((await invoke('overview', [{ recentLimit: 1, more: true }])).status).toBe(400)
    expect((await invoke('overview', { 0: 1 })).status).toBe(400)
    expect((await invoke('overview', [{ recentLimit: 1 }], { 'Content-Type': 'text/plain' })).status).toBe(415)
    for (const channel of ['sources:choose', 'sources:remove', 'settings:set', 'export:run', 'toString', '__proto__']) {
      const answer = await invoke(channel, [])
      expect(answer.status).toBe(403)
      expect(JSON.parse(answer.body)).toMatchObject({ ok: false, error: { code: 'read-only' } })
    }
  })

  it('hands out every export as a file, under the filter asked for', async () => {
    const base = await start(['--data-dir', store])
    const get = (request: unknown, more = '') =>
      ask(`${base}/api/export?request=${encodeURIComponent(JSON.stringify(request))}${more}`)
    const filter = { from: Date.UTC(2026, 1, 1, 10, 0, 10), to: Date.UTC(2026, 1, 1, 10, 0, 20) }
    const rounds = await get({ what: 'rounds', format: 'ndjson', filter })
    expect(rounds.headers['content-type']).toContain('application/x-ndjson')
    expect(rounds.headers['content-disposition']).toMatch(/^attachment; filename="rounds-\d{4}-\d\d-\d\d\.ndjson"/)
    const ids = rounds.body
      .trim()
      .split('\n')
      .map((text) => (JSON.parse(text) as { request_id: string }).request_id)
    expect(ids.sort()).toEqual(Array.from({ length: 10 }, (_, n) => `r${n + 10}`).sort())

    // Sums are by the hour.
    const [hour, later] = [{ from: Date.UTC(2026, 1, 1, 10) }, { from: Date.UTC(2026, 1, 1, 11) }]
    const sessionsOf = async (within: object) =>
      (JSON.parse((await get({ what: 'report', format: 'json', filter: within })).body) as { summary: unknown }).summary
    expect(await sessionsOf(hour)).toMatchObject({ total_sessions: 20 })
    expect(await sessionsOf(later)).toMatchObject({ total_sessions: 0 })
    const model = await get({ what: 'report', format: 'csv', filter: hour }, '&part=model')
    expect(model.headers['content-disposition']).toContain('.model.csv"')
    expect(model.body).toContain('gpt-4o,20,')
    expect((await get({ what: 'report', format: 'csv', filter: hour }, '&part=date')).body).toContain('2026-02-01')
    expect((await get({ what: 'report', format: 'csv', filter: later }, '&part=date')).body).not.toContain('2026-02-01')
    expect((await get({ what: 'report', format: 'markdown' })).body).toMatch(/^# /)
    const session = await get({ what: 'session', format: 'markdown', sessionId: 's:3' })
    expect(session.headers['content-disposition']).toContain("filename*=UTF-8''session-s_3.md")
    expect(session.body).toContain('q 3')

    expect(await get({ what: 'session', format: 'json', sessionId: 'nobody' })).toMatchObject({ status: 404 })
    expect(await get({ what: 'report', format: 'csv' })).toMatchObject({ status: 404 })
    expect(await get({ what: 'report', format: 'json', path: '/etc/passwd' })).toMatchObject({ status: 400 })
    expect(await ask(`${base}/api/export`)).toMatchObject({ status: 400 })
  })

  it('asks for its token where others can reach it', async () => {
    const secret = 'a-token-of-more-than-16-characters'
    const link = await start(['--data-dir', store, '--host', '0.0.0.0'], { AGENT_SESSION_MONITOR_TOKEN: secret })
    const { origin, searchParams } = new URL(link)
    expect(searchParams.get('token')).toBe(secret)
    expect((await ask(`${origin}/`)).status).toBe(401)
    expect((await ask(`${origin}/api/stats`)).status).toBe(401)
    expect((await ask(`${origin}/api/stats?token=${secret}x`)).status).toBe(401)
    expect((await ask(`${origin}/api/stats`, { Authorization: `Bearer ${secret}` })).status).toBe(200)
    const first = await ask(`${origin}/session?id=s%3A1&token=${secret}`)
    expect(first.body).toContain('url=/session?id=s%3A1"')
    expect(first.body).not.toContain(secret)
    const cookie = String(first.headers['set-cookie'])
    expect(cookie).toMatch(/HttpOnly/)
    expect(cookie).toMatch(/SameSite=Strict/)
    expect((await ask(`${origin}/api/stats`, { Cookie: cookie.split(';')[0] ?? '' })).status).toBe(200)
    expect((await ask(`${origin}/api/stats`, { Cookie: 'agent_session_monitor=guess' })).status).toBe(401)
    expect((await ask(`${origin}//evil.example/?token=${secret}`)).body).toContain('url=/evil.example/"')
    const refusedAsset = await ask(`${origin}/assets/index.js`)
    expect(refusedAsset.status).toBe(401)
    expect(refusedAsset.headers['cache-control']).toBe('no-store')
  })

  it('answers 200 at once while it reads, and tells what came', async () => {
    const own = join(realpathSync(folder), 'busy.log')
    writeFileSync(own, lines(0, 500))
    const base = await start(['--data-dir', join(folder, 'busy'), '--log-path', own])
    const abort = new AbortController()
    let events = ''
    const stream = await fetch(`${base}/api/events`, { signal: abort.signal })
    void (async () => {
      for await (const piece of stream.body ?? []) events += Buffer.from(piece as Uint8Array).toString()
    })().catch(() => undefined)
    const rounds = async (): Promise<number> => {
      const answer = await ask(`${base}/api/invoke/overview`, { 'Content-Type': 'application/json' }, [
        { recentLimit: 5 },
      ])
      expect(answer.status).toBe(200)
      return (JSON.parse(answer.body) as { value: { totals: { rounds: number } } }).value.totals.rounds
    }
    await eventually(async () => expect(await rounds()).toBe(500))

    let written = 500
    const writer = setInterval(() => {
      if (written >= 20_500) return
      appendFileSync(own, lines(written, written + 500))
      written += 500
    }, 10)
    const paths = ['/', '/api/sessions', '/api/stats', '/api/session?id=s%3A3&messages=no']
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => ask(base + String(paths[n % paths.length])).then(({ status }) => status)),
    )
    expect(new Set(answers)).toEqual(new Set([200]))
    await eventually(async () => expect(await rounds()).toBe(20_500))
    clearInterval(writer)
    await eventually(() => expect(events).toContain('event: changed'))
    abort.abort()
  })

  it('shows what another program stores, and says that it does', async () => {
    const watched = join(folder, 'watched.log')
    const target = join(folder, 'shared')
    writeFileSync(watched, lines(0, 10))
    const monitor = startCli(['monitor', '--log-path', watched, '--data-dir', target, '--refresh-interval', '0.1'])
    await eventually(() => expect(monitor.output().stdout).toContain('10 rounds'))
    const base = await start(['--data-dir', target])
    appendFileSync(watched, lines(10, 15))
    await eventually(async () => {
      const stats = JSON.parse((await ask(`${base}/api/stats`)).body) as { by_model: Record<string, object> }
      expect(stats.by_model['gpt-4o']).toMatchObject({ input_tokens: 15_000 })
    })
  })

  it('says in one line that a port is taken, and ends', async () => {
    const base = await start(['--data-dir', store])
    const second = startCli(['serve', '--data-dir', join(folder, 'other'), '--port', new URL(base).port])
    // Closed, not only ended: what it said may still be on its way.
    const [code] = (await once(second.child, 'close')) as [number | null]
    expect(code).toBe(1)
    expect(second.output().stderr.trim().split('\n').at(-1)).toContain('Another program listens there')
    expect(log).not.toBe('')
  })
})

describe('who may ask', () => {
  const hosts = hostNames('127.0.0.1', ['Monitor.example'])
  const asked = { method: 'GET', host: 'localhost:8888', origin: undefined, fetchSite: undefined, fetchMode: undefined }

  it.each([
    ['localhost:8888', null],
    ['127.0.0.1', null],
    ['[::1]:1', null],
    ['monitor.example', null],
    ['localhost.evil.example', 'unknown-host'],
    ['evil@localhost', 'unknown-host'],
    ['localhost/x', 'unknown-host'],
    ['', 'unknown-host'],
    [undefined, 'unknown-host'],
  ])('under the name %s: %s', (host, expected) => {
    expect(refusal({ hosts }, { ...asked, host })).toBe(expected)
  })

  it('knows which addresses only this computer reaches, and a token from a guess', () => {
    expect(['127.0.0.1', '127.9.9.9', '::1', 'localhost'].every(isLoopback)).toBe(true)
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.evil.example'].some(isLoopback)).toBe(false)
    expect(isToken('secret', 'secret')).toBe(true)
    for (const guess of ['secre', 'secrets', '', undefined]) expect(isToken('secret', guess)).toBe(false)
  })
})
