import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { UpdateFinding, UpdateState } from '../../contract/index'
import type { ProgramLog } from '../lifecycle/program-log'
import { checkRelease } from './release-check'
import type { AskWeb } from './release-check'
import { readPublishedIn, releaseFileName, releaseFileUrl, releasePage } from './release-file'
import type { PublishedIn } from './release-file'
import type { SettingsStore } from '../settings/settings-store'
import { DAY_MS } from '../../shared/durations'

/** Looks for a newer version of the program where the user says; downloads and installs nothing. */
export interface Updates {
  state(): UpdateState
  /** Asks now, if there is an address to ask. */
  check(): Promise<void>
  /** Shows the release folder. */
  open(): void
  /** Does what the settings say now: asks, if it is to ask by itself and a day has passed. */
  apply(): void
  stop(): void
}

export interface UpdatesOptions {
  readonly settings: SettingsStore
  /** This program's version. */
  readonly version: string
  readonly publishedIn: PublishedIn | null
  readonly platform: string
  readonly arch: string
  readonly ask: AskWeb
  readonly isOnline: () => boolean
  /** Opens an address in the browser. */
  readonly show: (address: string) => void
  /** A newer version was found by itself: told once for each. */
  readonly onFound: (version: string) => void
  readonly onChanged: (state: UpdateState) => void
  readonly log: Pick<ProgramLog, 'info' | 'warn'>
  readonly now?: () => number
  /** It is looked this often whether a day has passed, ms. */
  readonly everyMs?: number
}

/** A daily check that failed is tried again after the first of these, then twice as long each time, up to the second. */
const RETRY_MS = 900_000
const LONGEST_RETRY_MS = 14_400_000

/** Where the package in this folder of resources was built to be published; null: nowhere that is known. */
export async function packagePublishedIn(resources: string): Promise<PublishedIn | null> {
  const text = await readFile(join(resources, 'app-update.yml'), 'utf8').catch(() => null)
  return text === null ? null : readPublishedIn(text)
}

export function createUpdates(options: UpdatesOptions): Updates {
  const { settings, version, publishedIn, platform, arch, ask, isOnline, show, onFound, onChanged, log } = options
  const { now = Date.now, everyMs = 600_000 } = options
  const wanted = (): { address: string; daily: boolean } => settings.current().settings.updates
  const address = (): string => (wanted().address === '' ? (publishedIn?.address ?? '') : wanted().address)
  const file = (): string =>
    releaseFileName(
      publishedIn !== null && address() === publishedIn.address ? publishedIn.channel : 'latest',
      platform,
      arch,
    )

  let running: { readonly url: string; readonly answer: Promise<UpdateFinding> } | null = null
  let last: (UpdateState['last'] & { readonly url: string }) | null = null
  /** How often in a row this address gave no answer, and when it last did not. */
  let failures = { url: '', count: 0, time: 0 }
  const url = (): string => (address() === '' ? '' : releaseFileUrl(address(), file()))

  const state = (): UpdateState => ({
    packageAddress: publishedIn?.address ?? null,
    file: file(),
    checking: running !== null,
    last: last === null || last.url !== url() ? null : { time: last.time, found: last.found },
  })

  async function run(asked: string): Promise<UpdateFinding> {
    onChanged(state())
    const found = await checkRelease(asked, version, { ask })
    last = { url: asked, time: now(), found }
    if (found.kind === 'failed') {
      failures = { url: asked, count: failures.url === asked ? failures.count + 1 : 1, time: now() }
      log.warn('update-check-failed', { code: found.error.code })
    } else {
      failures = { url: asked, count: 0, time: now() }
      settings.update({ updateChecked: now() })
      log.info('update-checked', { version: found.version, kind: found.kind })
    }
    return found
  }

  /** One at a time. */
  function look(): Promise<UpdateFinding | null> {
    const asked = url()
    if (asked === '') return Promise.resolve(null)
    if (running?.url === asked) return running.answer
    const answer = Promise.resolve(running?.answer).then(() => run(asked))
    const mine = { url: asked, answer }
    running = mine
    return answer.finally(() => {
      if (running === mine) running = null
      onChanged(state())
    })
  }

  /** The day's check failed a while ago. A clock set back makes it no longer. */
  function isTooSoon(): boolean {
    if (failures.count === 0 || failures.url !== url()) return false
    return Math.abs(now() - failures.time) < Math.min(RETRY_MS * 2 ** (failures.count - 1), LONGEST_RETRY_MS)
  }

  async function lookDaily(): Promise<void> {
    const { updateChecked } = settings.current()
    const passed = updateChecked === null || Math.abs(now() - updateChecked) >= DAY_MS
    // Without a connection nothing can be asked: that is not the day's question.
    if (!wanted().daily || !passed || address() === '' || !isOnline() || isTooSoon()) return
    const found = await look()
    if (found?.kind !== 'newer' || settings.current().toldUpdate === found.version) return
    settings.update({ toldUpdate: found.version })
    onFound(found.version)
  }

  const soon = (): void => void lookDaily().catch(() => undefined)
  const clock = setInterval(soon, everyMs)
  clock.unref()

  return {
    state,
    async check() {
      const found = await look()
      // Who asked has seen the answer.
      if (found?.kind === 'newer') settings.update({ toldUpdate: found.version })
    },
    open() {
      if (address() !== '') show(releasePage(address()))
    },
    apply() {
      onChanged(state())
      soon()
    },
    stop: () => clearInterval(clock),
  }
}
