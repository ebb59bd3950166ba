import { join } from 'node:path'
import { Readable } from 'node:stream'
import { expect, it, onTestFinished } from 'vitest'
import { Engine } from '../../src-main/engine/engine'
import { until } from '../fixtures/engine/world'
import { logLine } from '../fixtures/log-line'
import { temporaryFolder } from '../fixtures/open-engine'

const lines = Array.from({ length: 300 }, (_, n) =>
  logLine({ session_id: `s${n % 7}`, answer: `answer ${n} ✓`, input_token: n }, { request_id: `r${n}` }),
)

/** The text cut into chunks of `size` bytes, also in the middle of a character. */
function chunked(text: string, size: number): Readable {
  const bytes = Buffer.from(text)
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
    bytes.subarray(n * size, (n + 1) * size),
  )
  return Readable.from(chunks)
}

async function open(folder: string): Promise<Engine> {
  const engine = await Engine.open({ dataFolder: join(folder, 'store'), timeZone: 'UTC' })
  onTestFinished(() => engine.close())
  return engine
}

it('a log that comes through a pipe counts each line once, over restarts, however it is cut', async () => {
  const folder = temporaryFolder()
  const first = await open(folder)
  // Without a line break at its end: a writer that was stopped.
  await first.readStream(chunked(lines.slice(0, 200).join('\n'), 777))
  expect(first.overview({ recentLimit: 0 }).totals.rounds).toBe(200)
  await first.close()

  const second = await open(folder)
  await second.readStream(chunked(`${lines.join('\n')}\nnot json\n`, 4096))
  expect(second.overview({ recentLimit: 0 }).totals).toMatchObject({ rounds: 300, sessions: 7 })
  expect(second.sourcesStatus()).toMatchObject({
    ledger: { lines: 501, counted: 300, duplicate: 200, malformed: 1 },
    sources: [{ path: '/dev/stdin', files: [{ state: 'complete', ledger: { lines: 301 } }] }],
  })
  await second.close()

  const third = await open(folder)
  expect(third.overview({ recentLimit: 0 }).totals.rounds).toBe(300)
  expect(third.sourcesStatus().ledger.lines).toBe(501)
})

it('what a slow pipe brings is stored while it is still open', async () => {
  const engine = await open(temporaryFolder())
  const pipe = new Readable({ read: () => undefined })
  const reading = engine.readStream(pipe)
  pipe.push(Buffer.from(`${lines[0] ?? ''}\n`))
  await until(() => engine.overview({ recentLimit: 0 }).totals.rounds === 1, 'the line is stored')
  pipe.push(null)
  await reading
})
