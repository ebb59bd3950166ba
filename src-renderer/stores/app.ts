import { defineStore } from 'pinia'
import { computed, ref, shallowRef, watch } from 'vue'
import type { AppError, AppInfo, Notice, Settings } from '@contract'
import { defaultSettings } from '@shared/default-settings'
import { api, toAppError } from '../api'
import { setTimeZone } from '../lib/shown-zone'

export interface ShownNotice extends Notice {
  readonly id: number
}

const MOST_NOTICES = 5

/** Settings, facts about the application, and what the user should be told. */
export const useAppStore = defineStore('app', () => {
  const stored = shallowRef<Settings>(defaultSettings)
  /** Changes that main has not answered yet. They are shown all the same, whatever arrives before their answers. */
  const pending = shallowRef<readonly Partial<Settings>[]>([])
  const settings = computed<Settings>(() =>
    pending.value.reduce<Settings>((changed, part) => ({ ...changed, ...part }), stored.value),
  )
  const info = shallowRef<AppInfo>({
    version: '',
    electron: '',
    dataFolder: '',
    platform: '',
    systemLocale: navigator.language,
    readOnly: false,
    timeZone: null,
  })
  // In a browser days and hours are those of the server, which counted them.
  watch([settings, info], () => setTimeZone(info.value.timeZone ?? settings.value.timeZone), { flush: 'sync' })
  const notices = ref<ShownNotice[]>([])
  let lastNotice = 0

  const language = computed<'en' | 'zh'>(() => {
    if (settings.value.language !== 'system') return settings.value.language
    return info.value.systemLocale.toLowerCase().startsWith('zh') ? 'zh' : 'en'
  })

  function notify(notice: Notice): void {
    const same = notices.value.find((known) => known.message === notice.message && known.where === notice.where)
    if (same !== undefined) return
    notices.value = [...notices.value, { ...notice, id: ++lastNotice }].slice(-MOST_NOTICES)
  }

  function notifyError(thrown: unknown): void {
    const error: AppError = toAppError(thrown)
    notify({
      level: 'error',
      code: error.code,
      message: error.message,
      ...(error.where === undefined ? {} : { where: error.where }),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    })
  }

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  /** Shows the change at once, and takes it back if it could not be stored. */
  async function change(part: Partial<Settings>): Promise<void> {
    const mine = { ...part }
    pending.value = [...pending.value, mine]
    try {
      stored.value = await api.call('settings:set', part)
    } catch (thrown) {
      notifyError(thrown)
    } finally {
      pending.value = pending.value.filter((one) => one !== mine)
    }
  }

  /** Settings come first: the first frame already has its theme and language. */
  async function start(): Promise<void> {
    try {
      api.on('settings:changed', (changed) => (stored.value = changed))
      api.on('app:notice', notify)
      const [known, facts] = await Promise.all([api.call('settings:get'), api.call('app:info')])
      stored.value = known
      info.value = facts
    } catch (thrown) {
      notifyError(thrown)
    }
  }

  return { settings, info, notices, language, notify, notifyError, dismiss, change, start }
})
