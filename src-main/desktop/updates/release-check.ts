import type { AppError, Result, UpdateFinding } from '../../contract/index'
import { connectionFailure } from './connection-failure'
import { readRelease } from './release-file'
import { failed, ok } from '../../shared/result'
import { compare } from 'semver'
import { parseVersion } from './versions'

/** What a server answered, before anything is made of it. */
export interface WebAnswer {
  readonly status: number
  /** Where it leads instead: absolute, or relative to the address asked. */
  readonly location: string | null
  readonly body: AsyncIterable<Uint8Array>
}

/** Asks for an address by GET and follows no redirect. Rejects when there is no answer, and once `signal` is aborted. */
export type AskWeb = (url: string, signal: AbortSignal) => Promise<WebAnswer>

export interface ReleaseCheckOptions {
  readonly ask: AskWeb
  /** For all of it, ms. */
  readonly timeoutMs?: number
}

/** Release notes may be part of the file; more than this is none. */
const mostBytes = 256 * 1024
const mostRedirects = 5
const patience = 10_000

/** Asks for the release file at `url`, and says how what it tells stands to the version `own`. Never rejects. */
export async function checkRelease(url: string, own: string, options: ReleaseCheckOptions): Promise<UpdateFinding> {
  const { ask, timeoutMs = patience } = options
  const stop = new AbortController()
  const timer = setTimeout(() => stop.abort(), timeoutMs)
  const late = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true })
  })
  try {
    const text = await Promise.race([download(url, ask, stop.signal), late])
    return text.ok ? finding(text.value, own, url) : { kind: 'failed', error: text.error }
  } catch (error) {
    return { kind: 'failed', error: stop.signal.aborted ? tooSlow(url) : connectionFailure(error, url) }
  } finally {
    clearTimeout(timer)
    // Whatever the server still wanted to send.
    stop.abort()
  }
}

function finding(text: string, own: string, url: string): UpdateFinding {
  const release = readRelease(text)
  const [published, present] = [parseVersion(release?.version ?? ''), parseVersion(own)]
  if (release === null || published === null || present === null) {
    return { kind: 'failed', error: isPage(text) ? webPage(url) : noRelease(url) }
  }
  const order = compare(published, present)
  return { kind: order > 0 ? 'newer' : order < 0 ? 'older' : 'same', ...release }
}

async function download(start: string, ask: AskWeb, signal: AbortSignal): Promise<Result<string>> {
  let url = start
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const { status, location, body } = await ask(url, signal)
    if (status >= 300 && status < 400 && location !== null) {
      if (!URL.canParse(location, url)) return failed(ledAstray(start))
      const next = new URL(location, url)
      if (!mayLeadTo(next, start)) return failed(ledAstray(start))
      url = next.href
      continue
    }
    if (status === 404 || status === 410) return failed(notThere(url))
    if (status !== 200) return failed(refusedBy(url, status))
    const bytes = await read(body)
    return bytes === null ? failed(tooLarge(url)) : ok(new TextDecoder().decode(bytes))
  }
  return failed(ledInCircles(start))
}

/** As a network answers in which one has to sign in first, or a server for what it does not know. */
const isPage = (text: string): boolean => /^[\s\ufeff]*<(?:!doctype|html|\?xml|!--)/i.test(text)

/** Never out of encryption; and what lies on another computer leads to nothing on this one. */
function mayLeadTo(next: URL, start: string): boolean {
  return (
    next.protocol === 'https:' ||
    (next.protocol === 'http:' && next.host === new URL(start).host && start.startsWith('http:'))
  )
}

/** Null for more than a release file holds. */
async function read(body: AsyncIterable<Uint8Array>): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body) {
    size += piece.byteLength
    if (size > mostBytes) return null
    pieces.push(piece)
  }
  return Buffer.concat(pieces)
}

const tooSlow = (where: string): AppError => ({
  code: 'unreachable',
  message: 'The server did not answer in time.',
  where,
  hint: 'Check the connection, and check again later.',
})

const notThere = (where: string): AppError => ({
  code: 'not-found',
  message: 'There is no release file at this address.',
  where,
  hint: 'Check the address: it is the folder that holds the installers and this file.',
})

const refusedBy = (where: string, status: number): AppError => ({
  code: 'unreachable',
  message: `The server answered with an error (${String(status)}).`,
  where,
  hint: 'Check the address, or check again later.',
})

const ledAstray = (where: string): AppError => ({
  code: 'refused',
  message: 'The server redirects to an unencrypted address, which the app does not follow.',
  where,
  hint: 'In a network in which one has to sign in, open any page in your browser, sign in, and check again. Else ask whoever runs the server for the address of the release folder itself.',
})

const ledInCircles = (where: string): AppError => ({
  code: 'refused',
  message: 'Too many redirects.',
  where,
  hint: 'Ask whoever runs it for the address of the release folder itself.',
})

const tooLarge = (where: string): AppError => ({
  code: 'unreadable',
  message: 'What is at this address is larger than a release file.',
  where,
  hint: 'Check whether the address is that of an installer, or of a site: give that of the folder the installers are in.',
})

const webPage = (where: string): AppError => ({
  code: 'unreadable',
  message: 'A web page came in place of the release file.',
  where,
  hint: 'In a network in which one has to sign in, open any page in your browser, sign in, and check again. Else give the address of the folder the installers are in, not of a page about them.',
})

const noRelease = (where: string): AppError => ({
  code: 'unreadable',
  message: 'What is at this address is no release file: it names no version.',
  where,
  hint: 'Have the release published again: the file is written when the installers are built. Then check again.',
})
