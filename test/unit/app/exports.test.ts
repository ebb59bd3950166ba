import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createExports, exportNotice, reportFileName, sessionFileName } from '../../../src-main/app/exports'
import { failed, ok } from '../../../src-main/app/result'
import type { EngineClient } from '../../../src-main/engine/client'

describe('names the save dialog proposes', () => {
  test('the report has the user’s own day', () => {
    expect(reportFileName(new Date(2026, 1, 5, 23, 59))).toBe('finops-report-2026-02-05.json')
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
  ])('a session %j has a safe one', (id, name) => {
    expect(sessionFileName(id)).toBe(name)
  })
})

describe('exporting', () => {
  const exportsWith = (answer: string | null, engineAnswer = ok(undefined)) => {
    const calls: unknown[][] = []
    const proposed: string[] = []
    const choose = (path: string) => {
      proposed.push(path)
      return Promise.resolve(answer)
    }
    const call = (...args: unknown[]) => {
      calls.push(args)
      return Promise.resolve(engineAnswer)
    }
    const exports = createExports({
      engine: { call: call as unknown as EngineClient['call'] },
      dialogs: { chooseReportFile: choose, chooseSessionFile: choose },
      folder: () => '/documents',
      now: () => new Date(2026, 1, 5),
    })
    return { exports, calls, proposed }
  }

  test('writes where the user said', async () => {
    const { exports, calls, proposed } = exportsWith('/out/r.json')
    expect(await exports.report()).toEqual(ok('/out/r.json'))
    expect(await exports.session('a:b')).toEqual(ok('/out/r.json'))
    expect(proposed).toEqual([
      join('/documents', 'finops-report-2026-02-05.json'),
      join('/documents', 'session-a_b.json'),
    ])
    expect(calls).toEqual([
      ['exportReport', '/out/r.json'],
      ['exportSession', 'a:b', '/out/r.json'],
    ])
  })

  test('a cancelled dialog writes nothing and says nothing', async () => {
    const { exports, calls } = exportsWith(null)
    const result = await exports.report()
    expect(result).toEqual(ok(null))
    expect(calls).toEqual([])
    expect(exportNotice(result, 'Saved.')).toBeNull()
  })

  test('a menu command tells where the file is, or what went wrong', () => {
    expect(exportNotice(ok('/out/r.json'), 'Saved.')).toEqual({
      level: 'info',
      code: 'saved',
      message: 'Saved.',
      where: '/out/r.json',
    })
    expect(exportNotice(failed({ code: 'disk-full', message: 'Full.' }), 'Saved.')).toEqual({
      level: 'error',
      code: 'disk-full',
      message: 'Full.',
    })
  })
})
