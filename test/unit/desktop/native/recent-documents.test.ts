import { expect, test } from 'vitest'
import { showRecentDocuments, withRecent } from '../../../../src-main/desktop/native/recent-documents'

test('ten paths are remembered, each once, the latest first', () => {
  const ten = Array.from({ length: 10 }, (_, at) => `/logs/${String(at)}`)
  expect(withRecent(ten, ['/logs/new', '/logs/3'])).toEqual([
    '/logs/new',
    '/logs/3',
    ...ten.filter((path) => path !== '/logs/3').slice(0, 8),
  ])
})

test('the desktop lists them in the same order, and those alone', () => {
  let listed = ['/logs/forgotten']
  const desktop = {
    clearRecentDocuments: () => void (listed = []),
    addRecentDocument: (path: string) => void listed.unshift(path),
  }
  showRecentDocuments(desktop, ['/logs/b', '/logs/a'])
  expect(listed).toEqual(['/logs/b', '/logs/a'])
})
