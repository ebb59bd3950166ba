import type { IpcRenderer } from 'electron'
import type { AppError, DropChannel, MonitorBridge, Result } from '../contract/index'
import { appCalls, appEvents, engineCalls, sharedEvents } from '../contract/calls'

/** What a page may call and hear: the tables of the contract, and nothing else. */
const invokeChannels = new Set<unknown>([...Object.keys(engineCalls), ...Object.keys(appCalls)])
const eventChannels = new Set<unknown>([...Object.keys(sharedEvents), ...Object.keys(appEvents)])
const dropChannel: DropChannel = 'sources:add-dropped'

export interface BridgeParts {
  readonly ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'off'>
  /** The path behind a File the user dropped; empty for one that a page made. */
  readonly pathOf: (file: File) => string
}

/** Builds what a page sees. It gets values and functions, never the IPC objects behind them. */
export function createBridge({ ipc, pathOf }: BridgeParts): MonitorBridge {
  /** The answer as the text it comes as. */
  const ask = async (channel: string, args: readonly unknown[]): Promise<string> => {
    try {
      return (await ipc.invoke(channel, ...args)) as string
    } catch {
      // An argument that cannot be copied, or no main process to answer any more.
      return JSON.stringify({ ok: false, error: { ...unanswered, where: channel } })
    }
  }

  return Object.freeze<MonitorBridge>({
    async invoke(channel, ...args) {
      if (!invokeChannels.has(channel)) return JSON.stringify({ ok: false, error: unknownChannel })
      return ask(channel, args)
    },

    on(channel, listener) {
      if (!eventChannels.has(channel) || typeof listener !== 'function') throw new TypeError(unknownChannel.message)
      const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload)
      ipc.on(channel, forward)
      return () => void ipc.off(channel, forward)
    },

    async addDropped(files) {
      let paths: string[]
      try {
        paths = Array.from(files, pathOf).filter((path) => path !== '')
      } catch {
        return { ok: false, error: noFiles }
      }
      if (paths.length === 0) return { ok: false, error: noFiles }
      return JSON.parse(await ask(dropChannel, [paths])) as Result<readonly string[]>
    },
  })
}

const unknownChannel: AppError = { code: 'refused', message: 'Unknown channel.' }
const unanswered: AppError = { code: 'refused', message: 'The message could not be delivered.' }
const noFiles: AppError = {
  code: 'refused',
  message: 'What you dropped is not a file or folder on this computer.',
  hint: 'Drop an access log or the folder that holds it.',
}
