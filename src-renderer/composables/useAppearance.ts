import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Language, Theme } from '@contract'
import { useAppStore } from '../stores/app'

/** Theme and language as they are set and can be chosen, wherever they are offered. */
export function useAppearance() {
  const app = useAppStore()
  const { t } = useI18n()
  const theme = computed<Theme>({ get: () => app.settings.theme, set: (value) => void app.change({ theme: value }) })
  const language = computed<Language>({
    get: () => app.settings.language,
    set: (value) => void app.change({ language: value }),
  })
  const themes = computed(() => [
    { value: 'system' as const, label: t('settings.system') },
    { value: 'light' as const, label: t('settings.light') },
    { value: 'dark' as const, label: t('settings.dark') },
  ])
  // A language is named in itself, so that it is found by those who read no other.
  const languages = computed(() => [
    { value: 'system' as const, label: t('settings.system') },
    { value: 'en' as const, label: 'English' },
    { value: 'zh' as const, label: '中文' },
  ])
  return { theme, language, themes, languages }
}
