import { setTimeout as wait } from 'node:timers/promises'
import { resolve } from 'node:path'
import type { Ledger, LedgerMarks, Overview } from '../../contract/index'
import { Engine } from '../../engine/engine'
import { EngineError } from '../../engine/errors'
import { engineOptions, type CommonOptions } from '../open-store'
import { money, printJson } from '../output'

interface MonitorOptions extends CommonOptions {
  readonly logPath: readonly string[]
  readonly once?: boolean
}

/** `monitor`: reads the logs into the store; with --once what is there now, else until it is told to stop. */
export async function monitor(options: MonitorOptions): Promise<void> {
  const engine = await Engine.open(engineOptions(options))
  const paths = options.logPath.map((path) => resolve(path))
  try {
    for (const notice of engine.notices) process.stderr.write(`${notice.message} (${notice.where ?? ''})\n`)
    engine.on('notice', (notice) => process.stderr.write(`${notice.message} (${notice.where ?? ''})\n`))
    await engine.readOnce(paths)
    failWithoutLogs(engine)
    print(engine, options)
    if (options.once !== true) {
      engine.on('changed', () => {
        print(engine, options)
      })
      engine.watch(paths)
      await untilStopped()
    }
  } finally {
    await engine.close()
  }
}

/** A path that can't be read at all is a failure, unless others could. */
function failWithoutLogs(engine: Engine): void {
  const { sources } = engine.sourcesStatus()
  const errors = sources.flatMap((source) => (source.error === null ? [] : [source.error]))
  for (const source of sources) {
    for (const file of source.files) {
      if (file.error !== null) process.stderr.write(`${file.error.message} (${file.path})\n`)
    }
  }
  const [first] = errors
  if (first === undefined || errors.length < sources.length) return
  throw new EngineError(first.code, first.message, {
    ...(first.where === undefined ? {} : { where: first.where }),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
  })
}

function print(engine: Engine, options: MonitorOptions): void {
  const { totals } = engine.overview({ recentLimit: 0 })
  const { ledger, marks } = engine.sourcesStatus()
  if (options.json === true) printJson(summary(totals, ledger, marks))
  else {
    process.stdout.write(
      `${String(totals.sessions)} sessions, ${String(totals.rounds)} rounds, ${String(totals.inputTokens)} input, ` +
        `${String(totals.outputTokens)} output tokens, ${money(totals.costUsd, totals.unpricedRounds)}; ` +
        `${String(ledger.lines)} lines: ${String(ledger.counted)} counted, ${String(ledger.duplicate)} read before, ` +
        `${String(ledger.notLlm)} no LLM request, ${String(ledger.malformed)} malformed, ${String(ledger.blank)} blank\n`,
    )
  }
}

/** The object of `monitor --json`; its field names are stable. */
export function summary(totals: Overview['totals'], ledger: Ledger, marks: LedgerMarks) {
  return {
    sessions: totals.sessions,
    rounds: totals.rounds,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    reasoning_tokens: totals.reasoningTokens,
    cached_tokens: totals.cachedTokens,
    cost_usd: totals.costUsd,
    unpriced_rounds: totals.unpricedRounds,
    ledger: {
      lines: ledger.lines,
      counted: ledger.counted,
      duplicate: ledger.duplicate,
      not_llm: ledger.notLlm,
      malformed: ledger.malformed,
      blank: ledger.blank,
      too_long: ledger.tooLong,
    },
    // Remarks on counted lines: they overlap, and sum to nothing.
    marks: {
      without_usage: marks.withoutUsage,
      truncated: marks.truncated,
      time_inferred: marks.timeInferred,
      bad_number: marks.badNumber,
      without_session: marks.withoutSession,
    },
  }
}

async function untilStopped(): Promise<void> {
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop.abort()
    })
  }
  await wait(2 ** 31 - 1, undefined, { signal: stop.signal }).catch(() => undefined)
}
