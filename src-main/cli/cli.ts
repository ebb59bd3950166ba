#!/usr/bin/env node
import { CommanderError, InvalidArgumentError } from 'commander'
import { EngineError } from '../engine/base/errors'
import { printable, quietOnClosedPipe } from './terminal/output'
import { program } from './program'

/** Exit codes: 0 done, 1 failed, 2 wrong usage. */
const FAILED = 1
const WRONG_USAGE = 2

async function main(): Promise<void> {
  quietOnClosedPipe()
  try {
    await program().parseAsync(process.argv)
  } catch (error) {
    if (error instanceof CommanderError) {
      // What commander finds itself it has told already; this one a command found.
      if (error instanceof InvalidArgumentError) process.stderr.write(`error: ${printable(error.message)}\n`)
      process.exitCode = error.exitCode === 0 ? 0 : WRONG_USAGE
      return
    }
    process.stderr.write(`agent-session-monitor: ${describe(error)}\n`)
    process.exitCode = FAILED
  }
}

/** In one line, whatever the log's texts in it hold. */
function describe(error: unknown): string {
  const text =
    error instanceof EngineError
      ? [error.message, error.where === undefined ? '' : `(${error.where})`, error.hint ?? ''].join(' ')
      : error instanceof Error
        ? error.message
        : String(error)
  return printable(text.replace(/\s+/g, ' ').trim())
}

await main()
