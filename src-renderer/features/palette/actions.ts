import type { Router } from 'vue-router'
import type { Language, PageCommand, SourcesStatus, Theme } from '@contract'
import type { IconName } from '../../components/icons'
import { oneLine } from '../../lib/text'
import { compareRoute, fromRouteId } from '../../lib/routes'
import { settingsSections } from '../settings/sections'
import type { Named } from './match'

/** Something the palette reaches by its name. */
export interface PaletteAction extends Named {
  readonly id: string
  readonly kind: 'page' | 'session' | 'action' | 'part'
  readonly icon: IconName
  /** Keys that do the same, `Mod` for Ctrl or Command. */
  readonly keys?: readonly string[]
  readonly run: () => unknown
}

/** What actions act on. */
export interface ActionContext {
  readonly router: Router
  /** A text in the language asked for. */
  readonly say: (language: 'en' | 'zh', key: string, named?: Record<string, unknown>) => string
  readonly language: 'en' | 'zh'
  /** In a browser: what needs the application is not offered. */
  readonly readOnly: boolean
  readonly sources: SourcesStatus | null
  readonly setTheme: (theme: Theme) => unknown
  readonly setLanguage: (language: Language) => unknown
  readonly chooseLogs: (kind: 'folder' | 'file') => unknown
  readonly openSample: () => unknown
  readonly setPaused: (path: string, paused: boolean) => unknown
  readonly setAllPaused: (paused: boolean) => unknown
  /** Does what an item of the menu does. */
  readonly command: (command: PageCommand) => unknown
  readonly newWindow: () => unknown
  readonly openDataFolder: () => unknown
  readonly checkUpdates: () => unknown
  readonly copy: (text: string) => unknown
  readonly linkOf: (sessionId: string) => string
}

const INSIGHTS = ['cache', 'context', 'failures', 'latency', 'tools', 'consumers', 'anomalies', 'budgets'] as const
const THEMES = ['system', 'light', 'dark'] as const

/** Everything that can be done here and now. A further action is a further row. */
export function paletteActions(context: ActionContext): readonly PaletteAction[] {
  const { router, say, language, readOnly } = context
  const other = language === 'en' ? 'zh' : 'en'
  const actions: PaletteAction[] = []

  /** Found by its name in either language. */
  const add = (
    kind: PaletteAction['kind'],
    id: string,
    icon: IconName,
    words: (language: 'en' | 'zh') => string,
    run: () => unknown,
    { keys }: { readonly keys?: readonly string[] } = {},
  ): void => {
    actions.push({
      id,
      kind,
      icon,
      title: words(language),
      names: [words(other)],
      run,
      ...(keys === undefined ? {} : { keys }),
    })
  }
  const page = (name: string, icon: IconName, key?: string): void => {
    if (!router.hasRoute(name)) return
    add(
      'page',
      `page:${name}`,
      icon,
      (l) => say(l, `nav.${name}`),
      () => router.push({ name }),
      {
        ...(key === undefined || readOnly ? {} : { keys: ['Mod', ...key.split(' ')] }),
      },
    )
  }
  const action = (
    id: string,
    icon: IconName,
    key: string,
    run: () => unknown,
    more: {
      readonly kind?: PaletteAction['kind']
      readonly keys?: readonly string[]
      readonly named?: (language: 'en' | 'zh') => Record<string, unknown>
    } = {},
  ): void => {
    const { keys, named, kind = 'action' } = more
    add(kind, id, icon, (l) => say(l, `palette.${key}`, named?.(l)), run, keys === undefined ? {} : { keys })
  }

  /** What the menu has too; the keys are the menu's, so in a browser there are none. */
  const command = (
    id: string,
    icon: IconName,
    key: string,
    what: PageCommand,
    keys?: readonly string[],
    more: { readonly kind?: PaletteAction['kind'] } = {},
  ): void => {
    action(id, icon, key, () => context.command(what), {
      ...more,
      ...(keys === undefined || readOnly ? {} : { keys }),
    })
  }

  page('overview', 'overview', '1')
  page('sessions', 'sessions', '2')
  page('search', 'search', 'Shift F')
  page('compare', 'compare')
  page('insights', 'insights', '3')
  page('sources', 'sources', '4')
  page('settings', 'settings', ',')

  const { name, params } = router.currentRoute.value
  if (name === 'session') {
    const sessionId = fromRouteId(String(params['id']))
    const own = { kind: 'session' } as const
    action('session:compare', 'compare', 'compareThis', () => router.push(compareRoute(sessionId, null)), own)
    command('session:export', 'export', 'exportSession', 'export-session-json', ['Mod', 'Shift', 'E'], own)
    command('session:markdown', 'export', 'exportSessionMarkdown', 'export-session-markdown', undefined, own)
    action('session:link', 'copy', 'copyLink', () => context.copy(context.linkOf(sessionId)), own)
    action('session:id', 'copy', 'copyId', () => context.copy(sessionId), own)
  }
  if (!readOnly) {
    action('open:folder', 'folder', 'openFolder', () => context.chooseLogs('folder'), { keys: ['Mod', 'O'] })
    action('open:file', 'file', 'openFile', () => context.chooseLogs('file'), { keys: ['Mod', 'Shift', 'O'] })
    action('open:sample', 'sparkle', 'openSample', context.openSample)
    action('window:new', 'columns', 'newWindow', context.newWindow, { keys: ['Mod', 'N'] })
    action('open:data', 'folder', 'openDataFolder', context.openDataFolder)
    action('updates:check', 'repeat', 'checkUpdates', async () => {
      await router.push({ name: 'settings', params: { section: 'about' } })
      await context.checkUpdates()
    })
  }
  command('export:report', 'export', 'exportReport', 'export-report-json', ['Mod', 'E'])
  command('export:csv', 'export', 'exportCsv', 'export-report-csv')
  command('export:markdown', 'export', 'exportMarkdown', 'export-report-markdown')
  command('export:rounds', 'export', 'exportRounds', 'export-rounds')
  command('shortcuts', 'info', 'shortcuts', 'shortcuts', ['F1'])

  for (const section of INSIGHTS) {
    if (readOnly && section === 'budgets') continue
    add(
      'part',
      `insights:${section}`,
      'insights',
      (l) => `${say(l, 'nav.insights')}: ${say(l, `insights.section.${section}`)}`,
      () => router.push({ name: 'insights', query: { section } }),
    )
  }
  for (const { name: section, title } of settingsSections(readOnly)) {
    add(
      'part',
      `settings:${section}`,
      'settings',
      (l) => `${say(l, 'nav.settings')}: ${say(l, title)}`,
      () => router.push({ name: 'settings', params: { section } }),
    )
  }
  for (const theme of THEMES) {
    action(`theme:${theme}`, 'appearance', 'theme', () => context.setTheme(theme), {
      named: (l) => ({ name: say(l, `settings.${theme}`) }),
    })
  }
  for (const [value, label] of [
    ['en', 'English'],
    ['zh', '中文'],
    ['system', null],
  ] as const) {
    action(`language:${value}`, 'text', 'language', () => context.setLanguage(value), {
      named: (l) => ({ name: label ?? say(l, 'settings.system') }),
    })
  }
  if (!readOnly) {
    const sources = context.sources?.sources ?? []
    // One alone has its own action below.
    if (sources.length > 1) {
      if (sources.some(({ state }) => state !== 'paused')) {
        action('sources:pause', 'pause', 'pauseAll', () => context.setAllPaused(true))
      }
      if (sources.some(({ state }) => state === 'paused')) {
        action('sources:resume', 'play', 'resumeAll', () => context.setAllPaused(false))
      }
    }
    for (const { path, state } of sources) {
      const paused = state === 'paused'
      action(
        `source:${path}`,
        paused ? 'play' : 'pause',
        paused ? 'resume' : 'pause',
        () => context.setPaused(path, !paused),
        { named: () => ({ path: oneLine(path) }) },
      )
    }
  }
  return actions
}
