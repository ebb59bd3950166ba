import { computed, type ComputedRef } from 'vue'
import { useAppStore } from '../stores/app'
import { createFormat, formatLocale, type Format } from './format'

const made = new Map<string, Format>()

/** The formatters of the language in use; they change with it. */
export function useFormat(): ComputedRef<Format> {
  const app = useAppStore()
  return computed(() => {
    const locale = formatLocale(app.language, app.info.systemLocale)
    let format = made.get(locale)
    if (format === undefined) {
      format = createFormat(locale)
      made.set(locale, format)
    }
    return format
  })
}
