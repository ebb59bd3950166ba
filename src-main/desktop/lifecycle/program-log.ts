import { appendFileSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { systemCode } from '../../shared/system-errors'

/** Facts about the program: codes, paths, channels, durations. Never anything that was read from a log. */
export type LogFields = Readonly<Record<string, string | number | boolean | null>>

export interface ProgramLog {
  info(event: string, fields?: LogFields): void
  warn(event: string, fields?: LogFields): void
  error(event: string, error: unknown, fields?: LogFields): void
}

export interface ProgramLogOptions {
  readonly folder: string
  /** A file that reached this size is put aside before the next line. */
  readonly maxBytes?: number
  /** How many files are kept, the current one included. */
  readonly maxFiles?: number
  readonly now?: () => Date
}

/**
 * One JSON object a line in program.log, older ones in program.1.log and so on. Lines are few, so they are written at
 * once: the last ones before a crash are the ones that matter.
 */
export function createProgramLog({
  folder,
  maxBytes = 512 * 1024,
  maxFiles = 3,
  now = () => new Date(),
}: ProgramLogOptions): ProgramLog {
  const fileName = (age: number): string => join(folder, age === 0 ? 'program.log' : `program.${age}.log`)

  const rotate = (): void => {
    rmSync(fileName(maxFiles - 1), { force: true })
    for (let age = maxFiles - 2; age >= 0; age -= 1) {
      if (sizeOf(fileName(age)) > 0) renameSync(fileName(age), fileName(age + 1))
    }
  }

  const write = (level: string, event: string, fields: LogFields): void => {
    // A program log that cannot be written (full disk, no permission) must not take the program down with it.
    try {
      mkdirSync(folder, { recursive: true })
      if (sizeOf(fileName(0)) >= maxBytes) rotate()
      appendFileSync(fileName(0), `${JSON.stringify({ time: now().toISOString(), level, event, ...fields })}\n`, {
        mode: 0o600,
      })
    } catch {
      // Nowhere left to say it.
    }
  }

  return {
    info: (event, fields = {}) => write('info', event, fields),
    warn: (event, fields = {}) => write('warn', event, fields),
    error: (event, error, fields = {}) => write('error', event, { ...fields, ...describeError(error) }),
  }
}

/**
 * An error without its message, which may quote the text that was being read (JSON.parse does): its class, the
 * system's code, and where it was thrown.
 */
export function describeError(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error }
  const code = systemCode(error)
  const frames = (error.stack ?? '')
    .replace(error.message, () => '')
    .split('\n')
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
    .slice(0, 12)
    .map((line) => line.trim())
    .join(' | ')
  return { error: error.name, ...(code === undefined ? {} : { code }), ...(frames === '' ? {} : { frames }) }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
