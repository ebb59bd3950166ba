import { sharedEvents } from '@contract'
import type {
  AppError,
  AppInfo,
  EventChannel,
  EventMap,
  InvokeChannel,
  InvokeMap,
  MonitorApi,
  Result,
  Settings,
} from '@contract'
import { defaultSettings } from '@shared/default-settings'

/** Where the settings of a browser are kept: they are this reader's, not the server's. */
const SETTINGS_KEY = 'settings'

const PUSHED = [...Object.keys(sharedEvents), 'app:notice'] as readonly EventChannel[]

type Answers = { readonly [C in InvokeChannel]?: (...args: Parameters<InvokeMap[C]>) => Promise<Result<unknown>> }

/** The contract over HTTP, for the pages that `serve` hands out: questions by POST, events as Server-Sent Events. */
export function createHttpApi(): MonitorApi {
  const listeners = new Map<EventChannel, Set<(payload: never) => void>>()
  let stream: EventSource | null = null

  /** What is answered here, in the browser. */
  const own: Answers = {
    'settings:get': () => ok(storedSettings()),
    'settings:set': (change) => {
      const settings = { ...storedSettings(), ...change }
      localStorage.setItem(SETTINGS_KEY, JSON.stringify(settings))
      return ok(settings)
    },
    'app:session-shown': () => ok(undefined),
    'app:info': async () => {
      const answer = await ask('app:info', [])
      return answer.ok
        ? { ok: true, value: { ...(answer.value as AppInfo), systemLocale: navigator.language } }
        : answer
    },
    'export:run': (request) => {
      const path = `api/export?request=${encodeURIComponent(JSON.stringify(request))}`
      const isTwo = request.what === 'report' && request.format === 'csv'
      for (const one of isTwo ? [`${path}&part=model`, `${path}&part=date`] : [path]) download(one)
      return ok(null)
    },
  }

  function emit<C extends EventChannel>(channel: C, payload: EventMap[C]): void {
    for (const listener of listeners.get(channel) ?? []) (listener as (payload: EventMap[C]) => void)(payload)
  }

  /** Passes the present state on as an event, as if it had just changed. */
  async function repeat(event: EventChannel, question: InvokeChannel): Promise<void> {
    const answer = await ask(question, [])
    if (answer.ok) emit(event, answer.value as never)
  }

  function listen(): void {
    if (stream !== null) return
    stream = new EventSource('api/events')
    // The server sends this first on every connection. Changes before it, the first time too, were not heard of.
    stream.addEventListener('hello', () => {
      emit('changed', { revision: 0 })
      void repeat('sources', 'sourcesStatus')
      void repeat('progress', 'progress')
    })
    for (const channel of PUSHED) {
      stream.addEventListener(channel, (event: MessageEvent<string>) => {
        emit(channel, JSON.parse(event.data) as never)
      })
    }
  }

  return {
    async invoke<C extends InvokeChannel>(channel: C, ...args: Parameters<InvokeMap[C]>) {
      const answer = own[channel] as ((...args: Parameters<InvokeMap[C]>) => Promise<Result<unknown>>) | undefined
      return (await (answer === undefined ? ask(channel, args) : answer(...args))) as Result<ReturnType<InvokeMap[C]>>
    },
    on(channel, listener) {
      listen()
      const known = listeners.get(channel) ?? new Set()
      listeners.set(channel, known.add(listener))
      return () => void known.delete(listener)
    },
    addDropped: () => Promise.resolve({ ok: false, error: readOnly }),
  }
}

async function ask(channel: InvokeChannel, args: readonly unknown[]): Promise<Result<unknown>> {
  let response: Response
  try {
    response = await fetch(`api/invoke/${channel}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(args),
    })
  } catch {
    return { ok: false, error: unreachable }
  }
  try {
    return (await response.json()) as Result<unknown>
  } catch {
    return { ok: false, error: unreachable }
  }
}

function ok(value: unknown): Promise<Result<unknown>> {
  return Promise.resolve({ ok: true, value })
}

/** The browser saves it where the user lets it, under the name the server gives it; nobody tells where that is. */
function download(path: string): void {
  const link = document.createElement('a')
  link.href = path
  link.download = ''
  link.click()
}

function storedSettings(): Settings {
  try {
    const stored = JSON.parse(localStorage.getItem(SETTINGS_KEY) ?? '{}') as Partial<Settings> | null
    return { ...defaultSettings, ...stored }
  } catch {
    return defaultSettings
  }
}

const readOnly: AppError = {
  code: 'read-only',
  message: 'In the browser the history is read-only.',
}

const unreachable: AppError = {
  code: 'internal',
  message: 'The server does not answer.',
  hint: 'Start it again with "agent-session-monitor serve"; the page goes on by itself.',
}
