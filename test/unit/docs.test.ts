import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { engineRooms, mainRooms, rendererRooms } from '../../scripts/lint/rooms.mjs'

const root = fileURLToPath(new URL('../../', import.meta.url))
const text = (path: string): string => readFileSync(join(root, path), 'utf8')
const pagesBelow = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name))
const pages = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md', ...pagesBelow('docs')]

const manifest = JSON.parse(text('package.json')) as Record<string, Record<string, string>>

/** The anchors GitHub makes of a page's headings. */
const anchorsOf = (page: string): string[] =>
  [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

it.each(pages)('every link of %s leads to a file and a heading of it', (page) => {
  const links = [...text(page).matchAll(/\]\((?!https?:)([^)#]*)(?:#([^)]+))?\)/g)]
  const broken = links.filter(([, path = '', anchor]) => {
    const target = path === '' ? join(root, page) : resolve(root, dirname(page), path)
    if (!existsSync(target)) return true
    return anchor !== undefined && !anchorsOf(readFileSync(target, 'utf8')).includes(anchor)
  })
  expect(broken.map(([link]) => link)).toEqual([])
})

it.each(pages)('every path of the repository that %s names exists', (page) => {
  const paths = [...text(page).matchAll(/`((?:src-main|src-renderer|scripts|test|resources|docs)\/[\w./-]+)`/g)]
  const missing = paths.map(([, path = '']) => path).filter((path) => !existsSync(join(root, path)))
  expect(missing).toEqual([])
})

it.each(pages)('every npm script that %s names exists', (page) => {
  const names = [...text(page).matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(([, name = '']) => name)
  expect(names.filter((name) => manifest['scripts']?.[name] === undefined)).toEqual([])
})

it('docs/dependencies.md names every dependency and no other', () => {
  const rows = text('docs/dependencies.md')
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (-+|Package) /.test(line))
  const named = rows.flatMap((row) =>
    (row.split('|')[1] ?? '')
      .replaceAll('\\', '')
      .split(',')
      .map((name) => name.trim()),
  )
  const installed = Object.keys({ ...manifest['dependencies'], ...manifest['devDependencies'] })
  const types = installed.filter((name) => name.startsWith('@types/'))
  expect(named.filter((name) => name !== '@types/*').sort()).toEqual(
    installed.filter((name) => !types.includes(name)).sort(),
  )
})

it('docs/architecture.md names every room', () => {
  const page = text('docs/architecture.md')
  const folders = (rooms: readonly string[]): string[] => rooms.filter((name) => !name.includes('.'))
  const outer = folders([...Object.keys(mainRooms), ...rendererRooms]).filter((room) => !page.includes(`${room}/`))
  const inner = folders(engineRooms).filter((room) => !page.includes(`\`${room}\``))
  expect([...outer, ...inner]).toEqual([])
})
