import { createI18n } from 'vue-i18n'
import { en } from './en'
import { zh } from './zh'

/** Every language the interface speaks; a further one is a further file here. */
export const messages = { en, zh }

export const i18n = createI18n({
  legacy: false,
  locale: 'en',
  fallbackLocale: 'en',
  messages,
})
