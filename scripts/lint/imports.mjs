/**
 * The imports that are forbidden, as rules of dependency-cruiser. They hold for type-only imports and `.vue` files too.
 * @typedef {import('dependency-cruiser').IForbiddenRuleType} Rule
 */
import { engineRooms, mainRooms, rendererRooms } from './rooms.mjs'

/** @param {string} text */
const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** A pattern for a folder's content, or for a file. @param {string} folder @param {readonly string[]} rooms */
const within = (folder, rooms) =>
  `^${folder}/(${rooms.map((room) => (/\.\w+$/.test(room) ? `${escaped(room)}$` : `${escaped(room)}/`)).join('|')})`

/** @param {string} name @param {string} comment @param {{ from: object, to: object }} rule @returns {Rule} */
const forbid = (name, comment, rule) => /** @type {Rule} */ ({ name, comment, severity: 'error', ...rule })

/** @param {string} folder @param {string} room @param {readonly string[]} may @returns {Rule} */
const climbing = (folder, room, may) =>
  forbid(`no-climbing:${folder}/${room}`, `${folder}/${room} may use ${may.join(', ') || 'no other room'}.`, {
    from: { path: within(folder, [room]) },
    to: { path: `^${folder}/`, pathNot: within(folder, [room, ...may]) },
  })

/** @param {string} folder @param {readonly string[]} rooms the lowest first @returns {Rule[]} */
const ordered = (folder, rooms) => rooms.map((room, floor) => climbing(folder, room, rooms.slice(0, floor)))

/** A file in no room has no place in the order. @param {string} folder @param {readonly string[]} rooms */
const everyFileHasARoom = (folder, rooms) =>
  forbid(`room-without-a-place:${folder}`, `Give the room its place in scripts/lint/rooms.mjs.`, {
    from: { path: `^${folder}/`, pathNot: within(folder, rooms) },
    to: {},
  })

const packages = ['npm', 'npm-dev', 'npm-optional', 'npm-peer', 'npm-no-pkg', 'npm-unknown', 'unknown']

/** @type {readonly Rule[]} */
export const importRules = [
  forbid('no-circles', 'Files that import each other cannot be understood one at a time.', {
    from: {},
    to: { circular: true },
  }),
  forbid('no-unresolved', 'The import leads nowhere, so no rule sees what is behind it.', {
    from: {},
    to: { couldNotResolve: true, path: '^(\\.|@contract|@shared)' },
  }),

  ...Object.entries(mainRooms).map(([room, may]) => climbing('src-main', room, may)),
  ...ordered('src-main/engine', engineRooms),
  ...ordered('src-renderer', rendererRooms),
  forbid('no-parsing-in-tail', 'Following a file is one job, reading a request out of its lines another.', {
    from: { path: within('src-main/engine', ['tail']) },
    to: { path: within('src-main/engine', ['parse']) },
  }),
  everyFileHasARoom('src-main', Object.keys(mainRooms)),
  everyFileHasARoom('src-main/engine', engineRooms),
  everyFileHasARoom('src-renderer', [...rendererRooms, 'env.d.ts']),

  forbid('page-outside-the-wall', 'The page knows the contract and the shared code of src-main, nothing else.', {
    from: { path: '^src-renderer/' },
    to: { path: '^src-main/', pathNot: within('src-main', ['contract', 'shared']) },
  }),
  forbid('page-imported', 'Nothing outside the page imports it.', {
    from: { path: '^src-main/' },
    to: { path: '^src-renderer/' },
  }),
  forbid('no-node-in-the-page', 'The page runs in a sandbox without Node.', {
    from: { path: '^src-renderer/' },
    to: { dependencyTypes: ['core'] },
  }),
  forbid('electron-in-the-desktop-only', 'Everything else runs without Electron too.', {
    from: { path: '^src-', pathNot: within('src-main', ['desktop', 'preload']) },
    to: { path: '(^|/)node_modules/electron/|^electron(/|$)' },
  }),
  forbid('sqlite-in-the-index-only', 'Other rooms ask the index.', {
    from: { path: '^src-', pathNot: within('src-main/engine', ['index']) },
    to: { path: '(^|/)node_modules/sql\\.js/|^sql\\.js(/|$)' },
  }),
  forbid(
    'no-packages-between-processes',
    'The contract, the shared code and the preload run on every side as they are.',
    {
      from: { path: within('src-main', ['contract', 'shared', 'preload']) },
      to: { dependencyTypes: packages, pathNot: '(^|/)node_modules/electron/|^electron(/|$)|^\\.' },
    },
  ),
  forbid('no-node-between-processes', 'The contract and the shared code run in the page too.', {
    from: { path: within('src-main', ['contract', 'shared', 'preload']) },
    to: { dependencyTypes: ['core'] },
  }),
]
