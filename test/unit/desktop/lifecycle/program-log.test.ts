import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createProgramLog, describeError } from '../../../../src-main/desktop/lifecycle/program-log'
import { toAppError } from '../../../../src-main/shared/result'

let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'program-log-'))
})

afterEach(async () => {
  await rm(folder, { recursive: true, force: true })
})

function errorQuoting(secret: string): unknown {
  try {
    return JSON.parse(secret)
  } catch (error) {
    return error
  }
}

describe('program log', () => {
  test('writes one object a line', async () => {
    const log = createProgramLog({ folder, now: () => new Date('2026-02-05T10:11:12.345Z') })
    log.info('started', { version: '1.0.0' })
    log.warn('ipc-slow', { channel: 'overview', ms: 120 })
    expect(await readFile(join(folder, 'program.log'), 'utf8')).toBe(
      '{"time":"2026-02-05T10:11:12.345Z","level":"info","event":"started","version":"1.0.0"}\n' +
        '{"time":"2026-02-05T10:11:12.345Z","level":"warn","event":"ipc-slow","channel":"overview","ms":120}\n',
    )
  })

  test('never holds the text an error quotes: JSON.parse repeats what it could not read', async () => {
    const error = errorQuoting('my secret question to the model')
    expect((error as Error).message).toContain('secret')
    createProgramLog({ folder }).error('ipc-failed', error)
    const written = await readFile(join(folder, 'program.log'), 'utf8')
    expect(written).toContain('SyntaxError')
    expect(written).not.toContain('secret')
    expect(JSON.stringify(toAppError(error))).not.toContain('secret')
  })

  test('nor a message that spans lines and looks like a place', () => {
    const error = new Error('first\n    at my secret, told at file.ts:1:2\nlast')
    expect(JSON.stringify(describeError(error))).not.toContain('secret')
  })

  test('keeps a bounded number of bounded files, the newest lines in the first', async () => {
    const log = createProgramLog({ folder, maxBytes: 200, maxFiles: 3 })
    for (let line = 0; line < 100; line += 1) log.info('line', { line })
    expect((await readdir(folder)).sort()).toEqual(['program.1.log', 'program.2.log', 'program.log'])
    expect(await readFile(join(folder, 'program.log'), 'utf8')).toContain('"line":99')
    expect((await readFile(join(folder, 'program.1.log'), 'utf8')).length).toBeLessThan(400)
  })

  test('a folder that cannot be made takes nothing down', () => {
    const log = createProgramLog({ folder: join(folder, '\0') })
    expect(() => log.info('started')).not.toThrow()
  })
})
