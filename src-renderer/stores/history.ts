import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { DeletionProgress, SelectionSize, StoreSize } from '@contract'
import { useFormat } from './useFormat'
import { i18n } from '../i18n'
import { api } from '../api'
import { useAppStore } from './app'

/** What the history takes, and the deletion of part of it. */
export const useHistoryStore = defineStore('history', () => {
  const app = useAppStore()
  const format = useFormat()
  const { t } = i18n.global
  /** Null until it was asked for. */
  const size = shallowRef<StoreSize | null>(null)
  /** Null where no deletion was heard of yet. */
  const deletion = shallowRef<DeletionProgress | null>(null)

  async function attempt<T>(ask: () => Promise<T>): Promise<T | null> {
    try {
      return await ask()
    } catch (thrown) {
      app.notifyError(thrown)
      return null
    }
  }

  async function load(): Promise<void> {
    size.value = (await attempt(() => api.call('storeSize'))) ?? size.value
  }

  function tell({ result, error }: DeletionProgress): void {
    if (error !== null) {
      app.notify({ level: 'error', ...error, message: `${t('history.deleteFailed')}: ${error.message}` })
    } else if (result === null) app.notify({ level: 'info', code: 'saved', message: t('history.cancelled') })
    else if (result.rounds === 0) app.notify({ level: 'info', code: 'saved', message: t('history.nothingDeleted') })
    else {
      const { sessions, rounds, freedBytes } = result
      const freed = freedBytes === 0 ? '' : t('history.freed', { bytes: format.value.bytes(freedBytes) })
      const message = t('history.deleted', { ...amounts({ sessions, rounds }), freed })
      app.notify({ level: 'info', code: 'saved', message })
    }
  }

  /** A selection's size in words. */
  const amounts = ({ sessions, rounds }: SelectionSize): { sessions: string; rounds: string } => ({
    sessions: t('sessions.count', { count: format.value.integer(sessions) }, sessions),
    rounds: t('overview.roundsOf', { count: format.value.integer(rounds) }, rounds),
  })

  /** Listens to deletions, whoever starts them; from the start of the app on. */
  async function start(): Promise<void> {
    if (app.info.readOnly) return
    api.on('deletion', (progress) => {
      if (deletion.value?.active === true && !progress.active) tell(progress)
      deletion.value = progress
      if (!progress.active) void load()
    })
    deletion.value = await attempt(() => api.call('deletion'))
  }

  const olderThan = (days: number): Promise<SelectionSize | null> => attempt(() => api.call('history:older-than', days))
  const dataOf = (path: string): Promise<SelectionSize | null> => attempt(() => api.call('sources:data-size', path))
  const deleteOlderThan = (days: number): Promise<unknown> => attempt(() => api.call('history:delete-older-than', days))
  const removeWithData = (path: string): Promise<unknown> => attempt(() => api.call('sources:remove-with-data', path))
  const cancel = (): Promise<unknown> => attempt(() => api.call('cancelDeletion'))

  return { size, deletion, load, start, amounts, olderThan, dataOf, deleteOlderThan, removeWithData, cancel }
})
