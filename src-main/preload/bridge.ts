import type { IpcRenderer } from 'electron'
import type { AppError, MonitorBridge, Result } from '../contract/index'
import { dropChannel, eventChannels, invokeChannels } from './channels'

export interface BridgeParts {
  readonly ipc: Pick<IpcRenderer, 'invoke' | 'on' | 'off'>
  /** The path behind a File the user dropped; empty for one that a page made. */
  readonly pathOf: (file: File) => string
}

/** Builds what a page sees. It gets values and functions, never the IPC objects behind them. */
export function createBridge({ ipc, pathOf }: BridgeParts): MonitorBridge {
  const ask = async <T>(channel: string, args: readonly unknown[]): Promise<Result<T>> => {
    try {
      return (await ipc.invoke(channel, ...args)) as Result<T>
    } catch {
      // An argument that cannot be copied, or no main process to answer any more.
      return { ok: false, error: { ...unanswered, where: channel } }
    }
  }

  return Object.freeze<MonitorBridge>({
    async invoke(channel, ...args) {
      const known = isIn(invokeChannels, channel)
      return JSON.stringify(known ? await ask(channel, args) : { ok: false, error: unknownChannel })
    },

    on(channel, listener) {
      if (!isIn(eventChannels, channel) || typeof listener !== 'function') throw new TypeError(unknownChannel.message)
      const forward = (_event: unknown, payload: Parameters<typeof listener>[0]): void => listener(payload)
      ipc.on(channel, forward)
      return () => void ipc.off(channel, forward)
    },

    addDropped(files) {
      let paths: string[]
      try {
        paths = Array.from(files, pathOf).filter((path) => path !== '')
      } catch {
        return Promise.resolve({ ok: false, error: noFiles })
      }
      return paths.length === 0 ? Promise.resolve({ ok: false, error: noFiles }) : ask(dropChannel, [paths])
    },
  })
}

/** Own names only: `toString` is no channel. */
function isIn(channels: Readonly<Record<string, true>>, channel: unknown): boolean {
  return typeof channel === 'string' && Object.hasOwn(channels, channel)
}

const unknownChannel: AppError = { code: 'refused', message: 'There is no such channel.' }
const unanswered: AppError = { code: 'refused', message: 'The message could not be delivered.' }
const noFiles: AppError = {
  code: 'refused',
  message: 'What was dropped is no file or folder of this computer.',
  hint: 'Drop an access log or the folder that holds it.',
}
