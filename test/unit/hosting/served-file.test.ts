import { join, resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { servedFile } from '../../../src-main/desktop/pages/app-file'

const root = resolve('/program/out/renderer')

describe('a URL of the program’s own pages', () => {
  test.each([
    ['app://monitor/', 'index.html', 'text/html; charset=utf-8'],
    ['app://monitor/index.html?x=1#/sessions', 'index.html', 'text/html; charset=utf-8'],
    ['app://monitor/assets/index-1a2b.js', 'assets/index-1a2b.js', 'text/javascript; charset=utf-8'],
    ['app://monitor/assets/style.CSS', 'assets/style.CSS', 'text/css; charset=utf-8'],
    ['app://monitor/assets/a%20b.svg', 'assets/a b.svg', 'image/svg+xml'],
    ['app://monitor/assets/../index.html', 'index.html', 'text/html; charset=utf-8'],
  ])('%s names a file', (url, file, mimeType) => {
    expect(servedFile(url, root)).toEqual({ path: join(root, file), mimeType })
  })

  test.each([
    'app://monitor/..%2f..%2fpackage.json',
    'app://monitor/assets/..%2f..%2f..%2fmain/main.js',
    'app://monitor/%2e%2e%2fmain/main.js',
    'app://monitor/..%5c..%5cpackage.json',
    'app://monitor/%00index.html',
    'app://monitor/C:%2fusers/x.json',
    'app://monitor/%e0%a4%a',
    'app://monitor/..%2frenderer-of-another/index.html',
  ])('%s leads outside and names none', (url) => {
    expect(servedFile(url, root)).toBeNull()
  })

  test.each([
    ['another host', 'app://other/index.html'],
    ['another scheme', 'file:///program/out/renderer/index.html'],
    ['a scheme that only looks alike', 'https://monitor/index.html'],
    ['no URL', 'index.html'],
    ['a file without a known type', 'app://monitor/assets/index.js.map'],
    ['a file without extension', 'app://monitor/LICENSE'],
    ['a folder', 'app://monitor/assets/'],
  ])('%s names none', (_what, url) => {
    expect(servedFile(url, root)).toBeNull()
  })

  test('dots that Node resolves itself stay inside', () => {
    const served = servedFile('app://monitor/../../../etc/hosts.json', root)
    expect(served?.path).toBe(join(root, 'etc/hosts.json'))
  })
})
