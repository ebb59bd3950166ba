import { ref, type Ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { api } from '../api'
import { useAppStore } from '../stores/app'

export interface Save {
  readonly busy: Ref<boolean>
  readonly run: () => Promise<void>
}

/** Saving through the main process's dialog: says where the file went, and nothing when the user cancelled. */
function useSave(ask: () => Promise<string | null>, doneKey: string): Save {
  const app = useAppStore()
  const { t } = useI18n()
  const busy = ref(false)

  async function run(): Promise<void> {
    if (busy.value) return
    busy.value = true
    try {
      const path = await ask()
      if (path !== null) app.notify({ level: 'info', code: 'internal', message: t(doneKey), where: path })
    } catch (thrown) {
      app.notifyError(thrown)
    } finally {
      busy.value = false
    }
  }

  return { busy, run }
}

export const useReportSave = (): Save => useSave(() => api.call('export:report'), 'overview.exported')

export const useSessionSave = (sessionId: string): Save =>
  useSave(() => api.call('export:session', sessionId), 'session.exported')
