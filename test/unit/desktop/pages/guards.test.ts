import { describe, expect, test } from 'vitest'
import { mayHave, mayRequest, routeOf } from '../../../../src-main/desktop/pages/guards'
import { originOf, trustedPages } from '../../../../src-main/desktop/pages/origin'

const released = trustedPages('http://localhost:5173', true)
const development = trustedPages('http://localhost:5173', false)

describe('trusted pages', () => {
  test('a packaged program trusts its own pages only, whatever the environment says', () => {
    expect(released).toEqual({ origin: 'app://monitor', startUrl: 'app://monitor/index.html', development: false })
  })

  test('in development the dev server of this machine is trusted', () => {
    expect(development).toEqual({
      origin: 'http://localhost:5173',
      startUrl: 'http://localhost:5173',
      development: true,
    })
    expect(trustedPages('http://localhost.example.org:5173', false).development).toBe(false)
    expect(trustedPages('https://example.org', false).development).toBe(false)
    expect(trustedPages(undefined, false).development).toBe(false)
  })

  test('an origin is scheme and host, for the own scheme too', () => {
    expect(originOf('app://monitor/index.html#/x')).toBe('app://monitor')
    expect(originOf('app://monitor.example.org/')).toBe('app://monitor.example.org')
    expect(originOf('app:monitor')).not.toBe('app://monitor')
    expect(originOf('no url')).toBeNull()
  })
})

describe('what a page may', () => {
  test('ask for: writing text to the clipboard, and that only from the own page', () => {
    expect(mayHave('clipboard-sanitized-write', 'app://monitor/', released)).toBe(true)
    expect(mayHave('clipboard-sanitized-write', 'https://example.org/', released)).toBe(false)
    for (const permission of [
      'clipboard-read',
      'media',
      'geolocation',
      'notifications',
      'openExternal',
      'fileSystem',
    ]) {
      expect(mayHave(permission, 'app://monitor/', released)).toBe(false)
    }
  })

  test.each([
    'app://monitor/assets/a.js',
    'data:image/png;base64,AA==',
    'blob:app://monitor/1',
    'devtools://devtools/x',
  ])('load: %s', (url) => {
    expect(mayRequest(url, released)).toBe(true)
  })

  test.each([
    'https://example.org/pixel.png',
    'http://localhost:5173/@vite/client',
    'ws://localhost:5173/',
    'file:///etc/passwd',
    'app://other/index.html',
    'chrome://gpu',
    'not a url',
  ])('not load: %s', (url) => {
    expect(mayRequest(url, released)).toBe(false)
  })

  test('in development load from the dev server, and listen to it', () => {
    expect(mayRequest('http://localhost:5173/main.ts', development)).toBe(true)
    expect(mayRequest('ws://localhost:5173/?token=1', development)).toBe(true)
    expect(mayRequest('ws://localhost:6000/', development)).toBe(false)
  })
})

describe('a link to a page of the program', () => {
  test('is its route', () => {
    expect(routeOf('app://monitor/index.html#/session/a%20b', released)).toBe('/session/a%20b')
    expect(routeOf('http://localhost:5173/#/overview', development)).toBe('/overview')
  })

  test.each([
    'https://example.org/index.html#/overview',
    'app://monitor.example.org/index.html#/overview',
    'app://monitor/other.html#/overview',
    'app://monitor/index.html?session=x#/overview',
    'app://monitor/index.html#main',
    'app://monitor/index.html',
    'javascript:alert(1)#/overview',
    'about:blank',
    'no url',
  ])('is not %s', (url) => {
    expect(routeOf(url, released)).toBeNull()
  })
})
