/**
 * The order of the folders ("rooms"). A room may import from rooms before it in its list, never from one after it.
 * docs/architecture.md says what each is for. Names are folders, or files where they end in .ts or .vue.
 */

/**
 * Rooms of src-main, each with the other rooms it may use. Two hosts stand next to each other on the same floor: the
 * desktop, and the server with the command line on top of it.
 * @type {Readonly<Record<string, readonly string[]>>}
 */
export const mainRooms = {
  contract: [],
  shared: ['contract'],
  engine: ['contract', 'shared'],
  api: ['contract', 'shared', 'engine'],
  hosting: ['contract', 'shared', 'engine', 'api'],
  preload: ['contract', 'shared'],
  desktop: ['contract', 'shared', 'engine', 'api', 'hosting', 'preload'],
  server: ['contract', 'shared', 'engine', 'api', 'hosting'],
  cli: ['contract', 'shared', 'engine', 'api', 'hosting', 'server'],
}

/** Rooms of src-main/engine, the lowest first. */
export const engineRooms = [
  'base',
  'disk',
  'interface',
  'parse',
  'unwrap',
  'tail',
  'pricing',
  'archive',
  'index',
  'search',
  'sessions',
  'export',
  'store',
  'events',
  'jobs',
  'reading',
  'deletion',
  'store-parts.ts',
  'store-queries.ts',
  'engine.ts',
  'import',
  'thread',
]

/** Rooms of src-renderer, the lowest first. */
export const rendererRooms = [
  'lib',
  'i18n',
  'api',
  'stores',
  'composables',
  'styles',
  'charts',
  'components',
  'features',
  'shell',
  'warm-up.ts',
  'router.ts',
  'App.vue',
  'main.ts',
]
