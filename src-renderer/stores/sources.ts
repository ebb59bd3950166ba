import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Progress, SourcesStatus } from '@contract'
import { api } from '../api'
import { useAppStore } from './app'

/** The paths being watched, how far reading is, and the actions that change what is watched. */
export const useSourcesStore = defineStore('sources', () => {
  const app = useAppStore()
  /** Null until the main process has answered once. */
  const status = shallowRef<SourcesStatus | null>(null)
  const progress = shallowRef<Progress | null>(null)
  /** Paths chosen lately, the latest first; empty until they were asked for. */
  const recent = shallowRef<readonly string[]>([])

  const chosen = computed(() => (status.value?.sources.length ?? 0) > 0)
  const followedFiles = computed(
    () =>
      status.value?.sources.flatMap((source) => source.files).filter((file) => file.state === 'following').length ?? 0,
  )
  const failing = computed(
    () =>
      status.value?.sources.filter(
        (source) => source.error !== null || source.files.some((file) => file.error !== null),
      ) ?? [],
  )

  async function add(ask: () => Promise<readonly string[]>): Promise<boolean> {
    try {
      return (await ask()).length > 0
    } catch (thrown) {
      app.notifyError(thrown)
      return false
    }
  }
  const choose = (kind: 'folder' | 'file'): Promise<boolean> => add(() => api.call('sources:choose', kind))
  const openSample = (): Promise<boolean> => add(() => api.call('sources:open-sample'))
  const openRecent = (path: string): Promise<boolean> => add(() => api.call('sources:open-recent', path))
  const addDropped = (files: readonly File[]): Promise<boolean> => add(() => api.addDropped(files))

  async function attempt(act: () => Promise<void>): Promise<void> {
    try {
      await act()
    } catch (thrown) {
      app.notifyError(thrown)
    }
  }
  const loadRecent = (): Promise<void> => attempt(async () => void (recent.value = await api.call('sources:recent')))
  const remove = (path: string): Promise<void> => attempt(() => api.call('sources:remove', path))
  const setPaused = (path: string, paused: boolean): Promise<void> =>
    attempt(() => api.call('sources:set-paused', path, paused))
  const setAllPaused = async (paused: boolean): Promise<void> => {
    for (const { path } of status.value?.sources ?? []) await setPaused(path, paused)
  }
  /** An empty text lets all sessions in. */
  const setSessionKey = (path: string, text: string): Promise<void> =>
    attempt(() => api.call('sources:set-session-key', path, text.trim() === '' ? null : text.trim()))

  async function start(): Promise<void> {
    try {
      api.on('sources', (changed) => (status.value = changed))
      api.on('progress', (changed) => (progress.value = changed))
      api.on('sources:recent-changed', (changed) => (recent.value = changed))
      const [currentStatus, currentProgress] = await Promise.all([api.call('sourcesStatus'), api.call('progress')])
      status.value ??= currentStatus
      progress.value ??= currentProgress
    } catch (thrown) {
      app.notifyError(thrown)
    }
  }

  return {
    status,
    progress,
    recent,
    chosen,
    followedFiles,
    failing,
    choose,
    openSample,
    openRecent,
    loadRecent,
    addDropped,
    remove,
    setPaused,
    setAllPaused,
    setSessionKey,
    start,
  }
})
