import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deflateSync, gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { packingOf } from '../../../../src-main/engine/tail/unpack/packing'
import { unpackFile } from '../../../../src-main/engine/tail/unpack/unpack'
import { logLine } from '../../../fixtures/log-line'

const folder = mkdtempSync(join(tmpdir(), 'asm-unpack-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** Long and varied enough for several blocks of each packing, and of matches that reach back over them. */
const LOG = Array.from({ length: 900 }, (_, n) =>
  logLine({
    model: 'm',
    session_id: `s${String(n % 7)}`,
    question: `${'历史 history '.repeat(n % 50)}${String(n * 7919)}`,
  }),
).join('\n')

const place = (name: string): string => join(folder, name)

function file(name: string, bytes: Buffer | string): string {
  writeFileSync(place(name), bytes)
  return place(name)
}

async function unpacked(path: string): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of unpackFile(openSync(path, 'r'), path)) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What was handed out before it failed. */
async function broken(path: string): Promise<{ readonly text: string; readonly error: unknown }> {
  const chunks: Buffer[] = []
  try {
    for await (const chunk of unpackFile(openSync(path, 'r'), path)) chunks.push(chunk)
  } catch (error) {
    return { text: Buffer.concat(chunks).toString(), error }
  }
  return { text: Buffer.concat(chunks).toString(), error: null }
}

const has = (tool: string): boolean => spawnSync(tool, ['--help'], { stdio: 'ignore' }).error === undefined

/** What `tool` makes of `text`. */
const pack = (tool: string, args: readonly string[], text: string): Buffer =>
  execFileSync(tool, args, { input: text, maxBuffer: 64 * 1024 * 1024 })

const TOOLS = [
  ['zstd', 'zstd', ['-q', '-c']],
  ['zstd', 'zstd', ['-q', '-c', '--long=24', '-19']],
  ['xz', 'xz', ['-c']],
  ['bzip2', 'bzip2', ['-c', '-1']],
  ['lz4', 'lz4', ['-q', '-c']],
  ['lz4', 'lz4', ['-q', '-c', '-9', '-BD', '-B4', '--content-size']],
  ['gzip', 'gzip', ['-c']],
] as const

describe.each(TOOLS)('a file packed with %s', (packing, tool, args) => {
  const name = `${tool}-${args.join('')}`

  it.skipIf(!has(tool))(`is known by its first bytes, and unpacked (${name})`, async () => {
    const path = file(name, pack(tool, args, LOG))
    expect(packingOf(readFileSync(path))).toBe(packing)
    expect(await unpacked(path)).toBe(LOG)
  })

  it.skipIf(!has(tool))(`of several members is all of them (${name})`, async () => {
    const half = LOG.indexOf('\n', LOG.length / 2)
    const members = [LOG.slice(0, half), LOG.slice(half)].map((text) => pack(tool, args, text))
    expect(await unpacked(file(`${name}-members`, Buffer.concat(members)))).toBe(LOG)
  })

  it.skipIf(!has(tool))(`that is cut off says so (${name})`, async () => {
    const whole = pack(tool, args, LOG)
    const { text, error } = await broken(file(`${name}-cut`, whole.subarray(0, whole.length - 40)))
    expect(error).toMatchObject({ code: 'unreadable' })
    expect(LOG.startsWith(text)).toBe(true)
  })
})

describe('a file packed with zlib', () => {
  it('is known by its header, and unpacked', async () => {
    expect(await unpacked(file('zz', deflateSync(LOG)))).toBe(LOG)
  })

  it('is not what a text that starts alike is', () => {
    expect(packingOf(Buffer.from('x^2 and more'))).toBeNull()
  })
})

describe('an archive of files', () => {
  const bundle = place('bundle')
  mkdirSync(join(bundle, 'logs'), { recursive: true })
  const half = LOG.indexOf('\n', LOG.length / 2) + 1
  writeFileSync(join(bundle, 'logs', 'access.log.1.gz'), gzipSync(LOG.slice(0, half)))
  writeFileSync(join(bundle, 'logs', 'access.log'), LOG.slice(half))
  writeFileSync(join(bundle, 'logs', 'config.yaml'), 'a: 1\nb: {\n')
  writeFileSync(join(bundle, 'logs', '._access.log'), '{"ai_log":"-"}\n')
  const members = ['logs/access.log.1.gz', 'logs/._access.log', 'logs/config.yaml', 'logs/access.log']

  it.skipIf(!has('tar')).each([
    ['.tar', 'cf'],
    ['.tar.gz', 'czf'],
    ['.tar.xz', 'cJf'],
  ])('%s holds its logs, one after another', async (ending, flags) => {
    const path = place(`logs${ending}`)
    execFileSync('tar', [flags, path, '-C', bundle, ...members])
    expect(await unpacked(path)).toBe(`${LOG}\n`)
  })

  it.skipIf(!has('zip'))('.zip holds its logs, one after another', async () => {
    const path = place('logs.zip')
    execFileSync('zip', ['-q', path, ...members], { cwd: bundle })
    expect(await unpacked(path)).toBe(`${LOG}\n`)
  })

  it.skipIf(!has('zip'))('that is encrypted says so', async () => {
    const path = place('secret.zip')
    execFileSync('zip', ['-q', '-P', 'geheim', path, 'logs/access.log'], { cwd: bundle })
    expect((await broken(path)).error).toMatchObject({ code: 'unreadable' })
  })

  it.skipIf(!has('tar'))('that is cut off says so', async () => {
    const path = place('cut.tar')
    execFileSync('tar', ['cf', path, '-C', bundle, 'logs/access.log'])
    const whole = readFileSync(path)
    expect((await broken(file('cut.tar', whole.subarray(0, 20_000)))).error).toMatchObject({ code: 'unreadable' })
  })
})

describe('a packing that is not read', () => {
  it.each([
    ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c]],
    ['RAR', [0x52, 0x61, 0x72, 0x21, 0x1a, 0x07]],
  ])('%s is named', async (name, magic) => {
    const { error } = await broken(file(name, Buffer.from([...magic, 1, 2, 3])))
    expect(error).toMatchObject({ code: 'unreadable', message: expect.stringContaining(name) as string })
  })
})
