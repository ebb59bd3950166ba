import { computed, type WritableComputedRef } from 'vue'
import { useAppStore } from '../../stores/app'

export interface ReaderView {
  readonly markdown: WritableComputedRef<boolean>
  readonly chart: WritableComputedRef<boolean>
}

/** How sessions are shown, the same for all of them and after a restart. */
export function useReaderView(): ReaderView {
  const app = useAppStore()
  const of = (key: 'markdown' | 'chart'): WritableComputedRef<boolean> =>
    computed({
      get: () => app.settings.reader[key],
      set: (value) => void app.change({ reader: { ...app.settings.reader, [key]: value } }),
    })
  return { markdown: of('markdown'), chart: of('chart') }
}
