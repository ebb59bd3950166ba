import { programZh } from './program-zh'

/**
 * Sentences of the engine and the main process, which speak English to every reader (the command line, the program log):
 * translated where the page shows them, with the English sentence as the key, as gettext does. A further language is a
 * further table here.
 */
const tables: Readonly<Record<string, Readonly<Record<string, string>>>> = { zh: programZh }

interface Pattern {
  readonly test: RegExp
  readonly to: string
}
const patterns = new Map<string, readonly Pattern[]>()

function patternsOf(locale: string, table: Readonly<Record<string, string>>): readonly Pattern[] {
  let found = patterns.get(locale)
  if (found === undefined) {
    found = Object.entries(table)
      .filter(([from]) => from.includes('{0}'))
      .map(([from, to]) => {
        const literal = from.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\d\}/g, '(.+?)')
        return { test: new RegExp(`^${literal}$`, 's'), to }
      })
    patterns.set(locale, found)
  }
  return found
}

/** The sentence in the language `locale`; as it came where that has none for it. */
export function programText(text: string, locale: string): string {
  const table = tables[locale]
  if (table === undefined) return text
  if (Object.hasOwn(table, text)) return table[text] ?? text
  for (const { test, to } of patternsOf(locale, table)) {
    const values = test.exec(text)
    if (values !== null) return to.replace(/\{(\d)\}/g, (_, at: string) => values[Number(at) + 1] ?? '')
  }
  return text
}
