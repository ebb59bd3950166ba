import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { Discovery } from '../../../../src-main/engine/tail/discover'
import { logLine } from '../../../fixtures/log-line'

const LINE = `${logLine({ model: 'm', session_id: 's' })}\n`
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder with these files; a string is a path whose file holds a request. */
function folderOf(...files: readonly (string | readonly [string, string | Buffer])[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'asm-discover-'))
  folders.push(folder)
  for (const file of files) {
    const [name, content] = typeof file === 'string' ? [file, LINE] : file
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), content)
  }
  return folder
}

const names = (discovery: Discovery, folder: string, file = '') =>
  discovery.scan(join(folder, file)).files.map(({ path }) => relative(folder, path))

const POD = 'higress-system_higress-gateway-7d9c_0a1b2c3d-4e5f-6789-abcd-ef0123456789'
const ID = '0123456789abcdef'.repeat(4)

describe('the logs in a folder', () => {
  it.each([
    ['a log and its rotations', ['access.log', 'access.log.1', 'access.log.2026-03-01', 'access-20260302.log']],
    ['rotations only', ['access_log.2026.03.01', 'access_log.2026.03.02']],
    ["svlogd's", ['@4000000069a8683d0ee6b280.s', 'current']],
    ['rotations in a folder for old ones', ['access.log', 'old/access.log.1', 'old/access.log.2.gz']],
    ["a container's", ['0.log', '0.log.20260301-093015']],
    ["all pods'", [`${POD}/gateway/0.log`, `${POD}/gateway/0.log.20260301-093015`, `${POD}/gateway/1.log`]],
    ["a docker daemon's", [`${ID}/${ID}-json.log`, `${ID}/${ID}-json.log.1`]],
    ['names no rule knows', ['access.log', 'access.log.before-upgrade']],
  ])('are found: %s', (_, files) => {
    const folder = folderOf(...files)
    expect([...names(new Discovery(), folder)].sort()).toEqual([...files].sort())
  })

  it('of a pod are found in its own folder', () => {
    const folder = folderOf(`${POD}/gateway/0.log`)
    expect(names(new Discovery(), join(folder, POD))).toEqual(['gateway/0.log'])
  })

  it('behind links are found with their rotations', () => {
    const folder = folderOf(`pods/${POD}/gateway/0.log`, `pods/${POD}/gateway/0.log.20260301-093015`)
    mkdirSync(join(folder, 'containers'))
    symlinkSync(join(folder, 'pods', POD, 'gateway', '0.log'), join(folder, 'containers', 'gateway_ns_gateway-1.log'))
    expect(new Discovery().scan(join(folder, 'containers')).files.map(({ path }) => relative(folder, path))).toEqual([
      `pods/${POD}/gateway/0.log.20260301-093015`,
      `pods/${POD}/gateway/0.log`,
    ])
  })

  it('leave out what else is there, and name the logs of others', () => {
    const folder = folderOf(
      'access.log',
      ['access.log.offset', '12 345'],
      ['app.log', 'hello\n'],
      ['README.md', 'ai_log'],
      'sub/access.log',
    )
    const { files, passedOver } = new Discovery().scan(folder)
    expect(files.map(({ path }) => relative(folder, path))).toEqual(['access.log'])
    expect(passedOver).toEqual([{ path: join(folder, 'app.log'), reason: 'no-ai-log' }])
  })

  it('are found however long the start-up before the first request is, and when it comes later', () => {
    const folder = folderOf(['gateway.log', `${'start-up\n'.repeat(700_000)}${LINE}`], ['late.log', 'start-up\n'])
    const discovery = new Discovery()
    expect(names(discovery, folder)).toEqual(['gateway.log'])
    appendFileSync(join(folder, 'late.log'), LINE)
    expect(names(discovery, folder)).toEqual(['gateway.log', 'late.log'])
  })

  it.each([
    ['json-file', JSON.stringify({ log: LINE, stream: 'stdout', time: '2026-03-01T00:00:00Z' })],
    ['UTF-16', Buffer.from(`\ufeff${LINE}`, 'utf16le')],
    ['gzip', gzipSync(LINE)],
  ])('are known inside %s', (_, content) => {
    expect(names(new Discovery(), folderOf(['gateway.log', content]))).toEqual(['gateway.log'])
  })
})

describe('a file that was picked', () => {
  it('brings its rotations, whatever names they bear', () => {
    const files = ['access.log.2', 'access.log.20260301', 'access-20260302.log', 'access.log.saved', 'access.log']
    const folder = folderOf(...files, 'other.log', ['access.log.state', '7'], 'old/access.log.9')
    expect([...names(new Discovery(), folder, 'access.log')].sort()).toEqual([...files, 'old/access.log.9'].sort())
  })

  it('is taken whatever its name', () => {
    const folder = folderOf('export', ['export.csv', 'a,b'])
    expect(names(new Discovery(), folder, 'export')).toEqual(['export'])
  })
})

describe('how a file is packed', () => {
  it('is told by its first bytes, not by its name', () => {
    const folder = folderOf(['access.log.1', gzipSync(LINE)], 'access.log.2.gz', [
      'access.log.3.gz',
      Buffer.from([1, 2]),
    ])
    const packed = new Map(
      new Discovery()
        .scan(folder)
        .files.map(({ path, compressed, packing }) => [relative(folder, path), [compressed, packing]]),
    )
    expect(packed.get('access.log.1')).toEqual([true, 'gzip'])
    // Damaged: its name is all there is to go by.
    expect(packed.get('access.log.2.gz')).toEqual([true, null])
    expect(packed.get('access.log.3.gz')).toEqual([true, null])
  })

  it('is looked at again when a file is written anew at its place', () => {
    const folder = folderOf('access.log')
    const discovery = new Discovery()
    expect(discovery.scan(folder).files[0]?.compressed).toBe(false)
    truncateSync(join(folder, 'access.log'), 0)
    writeFileSync(join(folder, 'access.log'), gzipSync(LINE))
    expect(discovery.scan(folder).files[0]?.compressed).toBe(true)
  })

  it('that is not read is an error which names it', () => {
    const folder = folderOf('access.log', ['access.log.1.7z', Buffer.from([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c, 0, 4])])
    const { files, errors } = new Discovery().scan(folder)
    expect(files).toHaveLength(1)
    expect(errors).toMatchObject([{ path: join(folder, 'access.log.1.7z'), error: { code: 'unreadable' } }])
  })
})

describe('a folder of very many rotations', () => {
  it('shows what is written to the log, and what is added or removed', () => {
    const rotations = Array.from({ length: 100 }, (_, n) => `access.log.${String(n + 1)}`)
    const folder = folderOf('access.log', ...rotations)
    const long = new Date(2020, 1, 1)
    for (const name of rotations) utimesSync(join(folder, name), long, long)
    utimesSync(folder, long, long)
    const discovery = new Discovery()
    const size = () => discovery.scan(folder).files.at(-1)?.sizeBytes
    expect(size()).toBe(LINE.length)
    appendFileSync(join(folder, 'access.log'), LINE)
    expect(size()).toBe(2 * LINE.length)
    rmSync(join(folder, 'access.log.7'))
    expect(names(discovery, folder)).toHaveLength(100)
    writeFileSync(join(folder, 'access.log.7'), LINE)
    expect(names(discovery, folder)).toHaveLength(101)
  })
})
