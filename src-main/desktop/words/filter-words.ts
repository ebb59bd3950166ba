import type { ExportRequest, UsageFilter } from '../../contract/index'
import type { Texts } from './texts'

/** Names of one kind told by name; of more, how many. */
const mostNames = 3

/**
 * Which rounds an export counts, as a person would say it; null where there is nothing to say: all, or a session's.
 * `timeZone`: IANA name of the zone whose days are meant. Pure.
 */
export function filterWords(request: ExportRequest, texts: Texts, locale: string, timeZone: string): string | null {
  if (request.what === 'session') return null
  const words = [...rangeWords(request.filter ?? {}, locale, timeZone), ...choiceWords(request.filter ?? {}, texts)]
  if (request.what === 'rounds' && request.text !== undefined && request.text !== '') words.push(`“${request.text}”`)
  return words.length === 0 ? null : oneLine(words.join(' · '))
}

function rangeWords({ from, to }: UsageFilter, locale: string, timeZone: string): string[] {
  if (from === undefined && to === undefined) return []
  const format = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeZone })
  // `to` is where the next day begins.
  const [first, last] = [from, to === undefined ? undefined : to - 1]
  if (first !== undefined && last !== undefined) return [format.formatRange(first, last)]
  return [first === undefined ? `– ${format.format(last)}` : `${format.format(first)} –`]
}

function choiceWords({ models, consumers, sources, statuses }: UsageFilter, texts: Texts): string[] {
  const named = (label: string, names: readonly (string | null)[] | undefined): string[] => {
    if (names === undefined) return []
    const shown = names.slice(0, mostNames).map((name) => name ?? texts.unnamed)
    const more = names.length - shown.length
    return [`${label}: ${shown.join(', ')}${more > 0 ? ` +${String(more)}` : ''}`]
  }
  return [
    ...named(texts.filterModel, models),
    ...named(texts.filterConsumer, consumers),
    ...named(texts.filterSource, sources),
    ...named(
      texts.filterStatus,
      statuses?.map(
        (status) => ({ ok: texts.statusOk, error: texts.statusError, 'cut-off': texts.statusCutOff })[status],
      ),
    ),
  ]
}

/** Names out of a log may hold anything; a title is a line of moderate length. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{C}\s]+/gu, ' ').trim()
  return line.length <= 200 ? line : `${Array.from(line).slice(0, 199).join('')}…`
}
