import type { DataSelection, Result, SelectionSize } from '../../contract/index'
import type { EngineClient } from '../../engine/thread/client'
import type { ProgramLog } from '../lifecycle/program-log'
import type { SettingsStore } from '../settings/settings-store'
import { DAY_MS } from '../../shared/durations'

/** Deletes old history, when asked and by the user's rule. */
export interface Retention {
  olderThan(days: number): Promise<Result<SelectionSize>>
  deleteOlderThan(days: number): Promise<Result<void>>
  /** Deletes now what the rule says, if anything. */
  apply(): Promise<void>
  stop(): void
}

export interface RetentionOptions {
  readonly engine: Pick<EngineClient, 'call'>
  readonly settings: Pick<SettingsStore, 'current'>
  readonly log: Pick<ProgramLog, 'info' | 'warn'>
  readonly now?: () => number
  /** The rule is looked at this often, ms. */
  readonly everyMs?: number
}

export function createRetention({
  engine,
  settings,
  log,
  now = Date.now,
  everyMs = 600_000,
}: RetentionOptions): Retention {
  const selection = (days: number): DataSelection => ({ olderThan: now() - days * DAY_MS })

  async function apply(): Promise<void> {
    const { days } = settings.current().settings.retention
    if (days === null) return
    const [size, progress] = await Promise.all([engine.call('selectionSize', selection(days)), engine.call('progress')])
    // While logs are being read, what is old may yet turn out to go on: the next look sees.
    if (!size.ok || size.value.rounds === 0 || !progress.ok || progress.value.active) return
    const started = await engine.call('startDeletion', selection(days))
    if (started.ok) log.info('retention', { days, ...size.value })
    else log.warn('retention-failed', { code: started.error.code })
  }

  const clock = setInterval(() => void apply(), everyMs)
  clock.unref()

  return {
    olderThan: (days) => engine.call('selectionSize', selection(days)),
    deleteOlderThan: (days) => engine.call('startDeletion', selection(days)),
    apply,
    stop() {
      clearInterval(clock)
    },
  }
}
