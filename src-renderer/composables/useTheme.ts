import { usePreferredDark } from '@vueuse/core'
import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import { useAppStore } from '../stores/app'

/** Reads a design token's value, for the two places that cannot use var(): the charts and Naive UI. */
export type ReadToken = (name: string) => string

export interface ThemeState {
  readonly dark: ComputedRef<boolean>
  /** Replaced whenever the theme changed, after the document shows it. */
  readonly readToken: ShallowRef<ReadToken>
}

function reader(): ReadToken {
  const styles = getComputedStyle(document.documentElement)
  const seen = new Map<string, string>()
  return (name) => {
    let value = seen.get(name)
    if (value === undefined) {
      value = styles.getPropertyValue(name).trim()
      seen.set(name, value)
    }
    return value
  }
}

let state: ThemeState | undefined

/** One theme for the whole window; the first caller starts it. */
export function useTheme(): ThemeState {
  if (state !== undefined) return state
  const app = useAppStore()
  const systemDark = usePreferredDark()
  const dark = computed(() => (app.settings.theme === 'system' ? systemDark.value : app.settings.theme === 'dark'))
  const readToken = shallowRef<ReadToken>(() => '')
  watch(
    dark,
    (now) => {
      document.documentElement.dataset['theme'] = now ? 'dark' : 'light'
      readToken.value = reader()
    },
    { immediate: true, flush: 'sync' },
  )
  state = { dark, readToken }
  return state
}
