import { computed, type ComputedRef } from 'vue'
import { useAppStore } from '../../stores/app'
import { useSessionsStore } from '../../stores/sessions'
import { chosenColumns, type ChosenColumn, type ColumnKey } from './columns'

/** The columns of the list, as the user chose them and as far as they find room; for the table and for its menu. */
export function useColumns(): {
  readonly columns: ComputedRef<readonly ChosenColumn[]>
  readonly change: (key: ColumnKey, to: { readonly width?: number | null; readonly shown?: boolean }) => void
  readonly reset: () => void
} {
  const app = useAppStore()
  const store = useSessionsStore()
  const stored = computed(() => app.settings.sessions.columns)
  const columns = computed(() => chosenColumns(stored.value, store.room))
  const keep = (to: typeof stored.value): void =>
    void app.change({ sessions: { ...app.settings.sessions, columns: to } })
  return {
    columns,
    change(key, to) {
      const column = columns.value.find((one) => one.key === key)
      if (column === undefined) return
      const { width, shown } = { ...column, ...to }
      keep([...stored.value.filter((one) => one.key !== key), { key, width, shown }])
    },
    reset: () => keep([]),
  }
}
