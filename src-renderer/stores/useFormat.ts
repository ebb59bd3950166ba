import { computed, type ComputedRef } from 'vue'
import { useAppStore } from './app'
import { createFormat, formatLocale, type Format } from '../lib/format'
import { shownZone } from '../lib/shown-zone'

const made = new Map<string, Format>()

/** The formatters of the language and the currency in use; they change with them. */
export function useFormat(): ComputedRef<Format> {
  const app = useAppStore()
  return computed(() => {
    const locale = formatLocale(app.language, app.info.systemLocale)
    const { currency } = app.settings
    const zone = shownZone()
    const key = `${locale} ${currency.code} ${String(currency.usdRate)} ${zone.timeZone ?? ''}`
    let format = made.get(key)
    if (format === undefined) {
      format = createFormat(locale, Date.now, currency, zone)
      made.set(key, format)
    }
    return format
  })
}
