import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createExports } from '../../../../src-main/desktop/services/exports'
import { exportFileName } from '../../../../src-main/shared/export-names'
import { filterWords } from '../../../../src-main/desktop/words/filter-words'
import { failed, ok } from '../../../../src-main/shared/result'
import { textsFor } from '../../../../src-main/desktop/words/texts'
import type { ExportDone, ExportProgress, ExportRequest } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'

describe('names the save dialog proposes', () => {
  test.each<[ExportRequest, string]>([
    [{ what: 'report', format: 'json' }, 'finops-report-2026-02-05.json'],
    [{ what: 'report', format: 'markdown' }, 'finops-report-2026-02-05.md'],
    [{ what: 'rounds', format: 'ndjson' }, 'rounds-2026-02-05.ndjson'],
  ])('%j has the user’s own day', (request, name) => {
    expect(exportFileName(request, '2026-02-05')).toBe(name)
  })

  test.each([
    ['agent:main:discord:channel:1465', 'session-agent_main_discord_channel_1465.json'],
    ['../../etc/passwd', 'session-etc_passwd.json'],
    ['/', 'session.json'],
    ['..', 'session.json'],
    ['', 'session.json'],
    ['CON', 'session-CON.json'],
    ['会话 1', 'session-会话_1.json'],
    ['a\u0000b\nc', 'session-a_b_c.json'],
    ['x'.repeat(500), `session-${'x'.repeat(80)}.json`],
  ])('a session %j has a safe one', (sessionId, name) => {
    expect(exportFileName({ what: 'session', format: 'json', sessionId }, '')).toBe(name)
  })
})

describe('exporting', () => {
  /** An engine whose export takes three steps. */
  function exporting(
    answer: string | null,
    onStep: (exports: ReturnType<typeof createExports>) => void = () => undefined,
    mayReplace = true,
  ) {
    const replaced: string[] = []
    const calls: unknown[][] = []
    const asked: unknown[][] = []
    const progress: ExportProgress[] = []
    const done: ExportDone[] = []
    let steps = 0
    const call = (...args: unknown[]) => {
      calls.push(args)
      if (args[0] === 'exportStart') return Promise.resolve(ok(7))
      if (args[0] !== 'exportNext') return Promise.resolve(ok(undefined))
      steps += 1
      onStep(exports)
      return Promise.resolve(
        ok({ ended: steps === 3, done: steps, total: 3, files: steps === 3 ? ['/out/a', '/out/b'] : [] }),
      )
    }
    const exports = createExports({
      engine: { call: call as unknown as EngineClient['call'] },
      dialogs: {
        chooseExportFile: (...args) => {
          asked.push(args)
          return Promise.resolve(answer)
        },
        askReplace: (paths) => {
          replaced.push(...paths)
          return Promise.resolve(mayReplace)
        },
      },
      folder: () => '/documents',
      describe: () => 'last week',
      onProgress: (told) => progress.push(told),
      onDone: (told) => done.push(told),
      today: () => '2026-02-05',
    })
    return { exports, calls, asked, progress, done, replaced }
  }
  const request: ExportRequest = { what: 'report', format: 'csv' }

  test('writes where the user said, tells which rounds count, and how far it is', async () => {
    const { exports, calls, asked, progress, done } = exporting('/out/r.csv')
    expect(await exports.run(request)).toEqual(ok({ path: '/out/a', files: 2, scope: 'last week' }))
    expect(asked).toEqual([[request, join('/documents', 'finops-report-2026-02-05.csv'), 'last week']])
    expect(calls).toEqual([
      ['exportStart', request, '/out/r.csv'],
      ['exportNext', 7],
      ['exportNext', 7],
      ['exportNext', 7],
    ])
    expect(progress.map(({ active, done: written }) => [active, written])).toEqual([
      [true, 0],
      [true, 1],
      [true, 2],
      [false, 3],
    ])
    expect(done).toHaveLength(1)
  })

  // The dialog asks about the name that was typed alone: these were gone without a word.
  test.each([
    ['two files', { what: 'report', format: 'csv' }, 'r.csv', ['r.date.csv']],
    ['a name with its ending added', { what: 'report', format: 'json' }, 'r', ['r.json']],
    ['the very name', { what: 'report', format: 'json' }, 'r.json', []],
  ] as const)('asks before it replaces what the dialog knew nothing of: %s', async (_, wanted, name, expected) => {
    const folder = mkdtempSync(join(tmpdir(), 'asm-export-'))
    try {
      for (const there of ['r.date.csv', 'r.json']) writeFileSync(join(folder, there), 'precious')
      const { exports, calls, replaced } = exporting(join(folder, name), undefined, false)
      await exports.run(wanted)
      expect(replaced).toEqual(expected.map((path) => join(folder, path)))
      expect(calls.length > 0).toBe(expected.length === 0)
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  test('adds the ending that the user left out', async () => {
    const { exports, calls } = exporting('/out/r')
    await exports.run(request)
    expect(calls[0]).toEqual(['exportStart', request, '/out/r.csv'])
  })

  test('writes nothing when the user cancels the dialog', async () => {
    const { exports, calls, done } = exporting(null)
    expect(await exports.run(request)).toEqual(ok(null))
    expect(calls).toEqual([])
    expect(done).toEqual([])
  })

  test('stops when the user cancels it, and tells no file', async () => {
    const { exports, calls, progress, done } = exporting('/out/r.csv', (running) => running.cancel(7))
    expect(await exports.run(request)).toEqual(ok(null))
    expect(calls.at(-1)).toEqual(['exportCancel', 7])
    expect(progress.at(-1)?.active).toBe(false)
    expect(done).toEqual([])
  })

  test('passes on why it could not', async () => {
    const error = { code: 'disk-full', message: 'Full.' } as const
    const { exports } = exporting('/out/r.csv')
    const failing = createExports({
      engine: { call: () => Promise.resolve(failed(error)) },
      dialogs: { chooseExportFile: () => Promise.resolve('/r.json'), askReplace: () => Promise.resolve(true) },
      folder: () => '/',
      describe: () => null,
      onProgress: () => undefined,
      onDone: () => undefined,
      today: () => '',
    })
    expect(await failing.run(request)).toEqual(failed(error))
    expect(exports).toBeDefined()
  })
})

describe('which rounds an export counts', () => {
  const words = (request: ExportRequest, timeZone = 'UTC') =>
    filterWords(request, textsFor('en', 'en'), 'en-US', timeZone)?.replace(/\s/g, ' ')
  const report = (filter: object): ExportRequest => ({ what: 'report', format: 'json', filter })

  test('is nothing to say where all count', () => {
    expect(words(report({}))).toBeUndefined()
    expect(words({ what: 'session', format: 'json', sessionId: 'a' })).toBeUndefined()
  })

  test('are the days in the user’s zone, the last one included', () => {
    const filter = { from: Date.UTC(2026, 1, 1, 16), to: Date.UTC(2026, 1, 3, 16) }
    expect(words(report(filter), 'Asia/Shanghai')).toBe('Feb 2 – 3, 2026')
    expect(words(report({ from: filter.from }), 'Asia/Shanghai')).toBe('Feb 2, 2026 –')
  })

  test('are named, and many are counted', () => {
    expect(words(report({ models: ['a', null], statuses: ['cut-off'] }))).toBe('Model: a, (none) · Status: cut off')
    expect(words(report({ consumers: ['a', 'b', 'c', 'd', 'e'] }))).toBe('Consumer: a, b, c +2')
    expect(words({ what: 'rounds', format: 'ndjson', text: 'weather' })).toBe('“weather”')
  })

  test('fit on a line, whatever a log calls its models', () => {
    const told = words(report({ models: [`a\nb\u202e${'x'.repeat(500)}`] }))
    expect(told).toMatch(/^Model: a b xx/)
    expect(told?.length).toBe(200)
  })
})
