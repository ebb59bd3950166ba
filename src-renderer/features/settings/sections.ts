/** The sections of the settings in their order: name in the address, and its title. */
export const SETTINGS_SECTIONS = [
  { name: 'general', title: 'settings.general' },
  { name: 'budgets', title: 'insights.section.budgets' },
  { name: 'prices', title: 'prices.title' },
  { name: 'currency', title: 'currency.title' },
  { name: 'data', title: 'settings.data' },
  { name: 'about', title: 'settings.about' },
] as const

export type SettingsSection = (typeof SETTINGS_SECTIONS)[number]['name']

/** Those that can be used; in a browser budgets can't be kept. */
export const settingsSections = (readOnly: boolean) =>
  SETTINGS_SECTIONS.filter(({ name }) => !readOnly || name !== 'budgets')
