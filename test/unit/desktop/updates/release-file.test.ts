import { describe, expect, test } from 'vitest'
import {
  readPublishedIn,
  readRelease,
  releaseFileName,
  releaseFileUrl,
  releasePage,
} from '../../../../src-main/desktop/updates/release-file'
import { AT_ONCE_MS, processorMs } from '../../../fixtures/processor-time'
import { releaseFile } from '../../../fixtures/release-server'
import { isReleaseAddress } from '../../../../src-main/shared/release-address'

describe('a release file', () => {
  test('tells its version and date; notes in it do not', () => {
    expect(readRelease(releaseFile('1.2.3'))).toEqual({
      version: '1.2.3',
      released: Date.UTC(2026, 2, 4, 5, 6, 7, 890),
    })
  })

  test.each([
    ["version: '1.2.3'\nreleaseDate: 2026-03-04\n", Date.UTC(2026, 2, 4)],
    ['\ufeffversion: "1.2.3"\r\nreleaseDate: "2026-03-04T00:00:00Z"\r\n', Date.UTC(2026, 2, 4)],
    ['version: 1.2.3 \t\n', null],
    ["version: 1.2.3\nreleaseDate: 'next week'\n", null],
    ["version: 1.2.3\nreleaseDate: '2026-99-99'\n", null],
  ])('is read as it may be spelled: %j', (text, released) => {
    expect(readRelease(text)).toEqual({ version: '1.2.3', released })
  })

  test.each([
    '',
    'not found',
    '<!doctype html>\n<title>version: 1.2.3</title>\n',
    'version: 1.2\n',
    'version: latest\n',
    'version: [1.2.3]\n',
    'version: 1.2.3\nversion: 1.2.4\n',
    'version:1.2.3\n',
    'x'.repeat(200_000),
  ])('is not %j', (text) => {
    expect(readRelease(text)).toBeNull()
  })

  // With its blanks tried at every place, it took half a minute, in which no window answered.
  test('is read in no time whatever a server makes of it', () => {
    const text = `version: 1.2.3${' '.repeat(1_000_000)}x\n`
    expect(processorMs(() => expect(readRelease(text)).toBeNull())).toBeLessThan(AT_ONCE_MS)
  })

  test.each([
    ['latest', 'linux', 'x64', 'latest-linux.yml'],
    ['latest', 'linux', 'arm64', 'latest-linux-arm64.yml'],
    ['beta', 'linux', 'arm', 'beta-linux-arm.yml'],
    ['latest', 'darwin', 'arm64', 'latest-mac.yml'],
    ['latest', 'win32', 'x64', 'latest.yml'],
  ])('of %s for %s %s is called %s', (channel, platform, arch, name) => {
    expect(releaseFileName(channel, platform, arch)).toBe(name)
  })

  test('lies in the folder, with or without a slash', () => {
    for (const address of ['https://x.org/a', 'https://x.org/a/']) {
      expect(releaseFileUrl(address, 'latest.yml')).toBe('https://x.org/a/latest.yml')
    }
    expect(releaseFileUrl('https://x.org', 'latest.yml')).toBe('https://x.org/latest.yml')
  })
})

test('a folder is shown as it is, GitHub’s as the release it is of', () => {
  const github = 'https://github.com/someone/something/releases/latest'
  expect(releasePage(`${github}/download`)).toBe(github)
  expect(releasePage(`${github}/download/`)).toBe(github)
  for (const address of ['https://example.org/releases/latest/download', `${github}/download/x`]) {
    expect(releasePage(address)).toBe(address)
  }
})

describe('where a package is published', () => {
  test('is what electron-builder wrote beside it', () => {
    const text =
      'provider: generic\nurl: https://example.org/releases\nchannel: beta\nupdaterCacheDirName: agent-session-monitor-updater\n'
    expect(readPublishedIn(text)).toEqual({ address: 'https://example.org/releases', channel: 'beta' })
    expect(readPublishedIn('provider: generic\nurl: https://example.org/\n')).toEqual({
      address: 'https://example.org/',
      channel: 'latest',
    })
  })

  test.each([
    'owner: someone\nrepo: something\nprovider: github\n',
    'provider: generic\n',
    'provider: generic\nurl: http://example.org/\n',
    'provider: generic\nurl: file:///etc\n',
    // Names no port there is: who asked for the file's address threw, before there was a window.
    'provider: generic\nurl: https://example.org:99999/\n',
    '',
  ])('is not known from %j', (text) => {
    expect(readPublishedIn(text)).toBeNull()
  })

  test('never names another file than one of the folder', () => {
    const text = 'provider: generic\nurl: https://example.org/\nchannel: ../../x\n'
    expect(readPublishedIn(text)?.channel).toBe('latest')
  })
})

describe('an address of releases', () => {
  test.each([
    'https://example.org',
    'https://example.org/',
    'https://example.org:8443/a/b%20c/',
    'https://例子.测试/发布',
    'https://[2001:db8::1]/x',
    'http://localhost:8080/x',
    'http://127.0.0.1/x',
    'http://[::1]:1/x',
  ])('can be %s', (text) => {
    expect(isReleaseAddress(text) && URL.canParse(text)).toBe(true)
  })

  test.each([
    '',
    'example.org',
    'http://example.org/',
    'http://localhost.example.org/',
    'http://127.0.0.1.example.org/',
    'http://localhost@example.org/',
    'https://user:secret@example.org/',
    'https://example.org/?a',
    'https://example.org/#a',
    'https://example.org/a b',
    'https:///x',
    'ftp://example.org/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    `https://example.org/${'a'.repeat(2000)}`,
  ])('cannot be %s', (text) => {
    expect(isReleaseAddress(text)).toBe(false)
  })
})
