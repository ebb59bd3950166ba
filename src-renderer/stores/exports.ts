import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { ExportProgress, ExportRequest, UsageFilter } from '@contract'
import { api, useEvent } from '../api'
import { useAppStore } from './app'
import { overviewQuery } from './overview-query'
import { useSessionsStore } from './sessions'

/** Exports that are shown only when they take longer than this, ms: most are done before one could read of them. */
const SHOWN_AFTER = 400

/** Saving to a file through the main process's dialog: asks for it, shows how far it is, says where it went. */
export const useExportsStore = defineStore('exports', () => {
  const app = useAppStore()
  const sessions = useSessionsStore()
  const { t } = useI18n()
  const asking = shallowRef(0)
  const running = shallowRef<ReadonlyMap<number, ExportProgress>>(new Map())
  const slow = shallowRef<ReadonlySet<number>>(new Set())

  useEvent('export:progress', (progress) => {
    const known = running.value.has(progress.id)
    const next = new Map(running.value)
    if (progress.active) next.set(progress.id, progress)
    else next.delete(progress.id)
    running.value = next
    if (!known && progress.active) setTimeout(() => (slow.value = new Set([...slow.value, progress.id])), SHOWN_AFTER)
  })
  const shown = computed(() => [...running.value.values()].filter(({ id }) => slow.value.has(id)))
  const busy = computed(() => asking.value > 0)

  async function run(request: ExportRequest): Promise<void> {
    asking.value++
    try {
      const done = await api.call('export:run', request)
      if (done === null) return
      const scope = done.scope ?? (request.what === 'session' ? null : t('export.all'))
      const message = scope === null ? t('export.session') : t(`export.${request.what}`, { scope })
      app.notify({ level: 'info', code: 'saved', message, where: done.path })
    } catch (thrown) {
      app.notifyError(thrown)
    } finally {
      asking.value--
    }
  }

  /** What the overview counts now. */
  function overviewFilter(): UsageFilter | undefined {
    return overviewQuery(app.settings.overview, Date.now(), { recent: 0, top: 0 }).filter
  }

  return {
    shown,
    busy,
    run,
    report: (format: 'json' | 'csv' | 'markdown') => {
      const filter = overviewFilter()
      return run({ what: 'report', format, ...(filter === undefined ? {} : { filter }) })
    },
    /** The rounds of the list of sessions, or of the overview. */
    rounds: (of: 'sessions' | 'overview') => {
      const filter = of === 'overview' ? overviewFilter() : sessions.filter
      const { text } = sessions
      return run({
        what: 'rounds',
        format: 'ndjson',
        ...(filter === undefined || Object.keys(filter).length === 0 ? {} : { filter }),
        ...(of === 'sessions' && text !== '' ? { text } : {}),
      })
    },
    session: (sessionId: string, format: 'json' | 'markdown') => run({ what: 'session', format, sessionId }),
    cancel: (id: number) => void api.call('export:cancel', id).catch(app.notifyError),
  }
})
