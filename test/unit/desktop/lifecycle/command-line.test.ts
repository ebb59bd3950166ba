import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parseCommandLine } from '../../../../src-main/desktop/lifecycle/command-line'

const development = { workingDirectory: resolve('/home/someone'), packaged: false }
const packaged = { ...development, packaged: true }

describe('command line', () => {
  test('names a data folder and logs, relative ones from the working directory', () => {
    expect(
      parseCommandLine(['.', '--user-data-dir=data', '--open-log=/var/log/a.log', '--open-log=b.log'], development),
    ).toEqual({
      userDataDir: resolve('/home/someone/data'),
      openLogs: [resolve('/var/log/a.log'), resolve('/home/someone/b.log')],
      openSession: null,
    })
  })

  test('a path may hold equals signs and spaces', () => {
    expect(parseCommandLine(['--open-log=/logs/a=b c.log'], packaged).openLogs).toEqual([resolve('/logs/a=b c.log')])
  })

  test('a plain path is a log only when packaged: in development the first is the program itself', () => {
    expect(parseCommandLine(['.', 'access.log'], development).openLogs).toEqual([])
    expect(parseCommandLine(['access.log'], packaged).openLogs).toEqual([resolve('/home/someone/access.log')])
  })

  test('switches of Chromium and empty values are passed over', () => {
    expect(
      parseCommandLine(['--no-sandbox', '--remote-debugging-port=0', '--open-log=', '--user-data-dir', ''], packaged),
    ).toEqual({ userDataDir: null, openLogs: [], openSession: null })
  })

  test('a link names a session, also in development, and is no log', () => {
    const link = 'agent-session-monitor://session/agent%3Amain%2F..'
    for (const context of [development, packaged]) {
      expect(parseCommandLine(['.', link], { ...context, packaged: false })).toMatchObject({
        openSession: 'agent:main/..',
        openLogs: [],
      })
    }
    expect(parseCommandLine([link], packaged)).toMatchObject({ openSession: 'agent:main/..', openLogs: [] })
  })
})
