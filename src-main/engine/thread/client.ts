import { Worker } from 'node:worker_threads'
import type { AppError, Result } from '../../contract/index'
import { toAppError } from '../base/errors'
import { Listeners } from '../events/listeners'
import { StoreLock } from '../disk/store-lock'
import type { EngineMethods, EngineOptions } from '../interface/methods'
import type { EngineEvents } from '../../contract/index'
import type { FromWorker, ToWorker } from './protocol'

/** The engine as seen from another thread. */
export interface EngineClient {
  /** Never rejects: a failure, also of the thread itself, is a value. */
  call<M extends keyof EngineMethods>(
    method: M,
    ...args: Parameters<EngineMethods[M]>
  ): Promise<Result<Awaited<ReturnType<EngineMethods[M]>>>>
  /** Listens to `event`; the returned function stops it. */
  on<E extends keyof EngineEvents>(event: E, listener: (payload: EngineEvents[E]) => void): () => void
  /** Called once when the thread can't serve any more: the store could not be opened, or the thread died. */
  onFailure(listener: (error: AppError) => void): void
  /** Saves the store and ends the thread. */
  close(): Promise<void>
}

/** Starts the engine in a worker thread that runs `workerPath` (the bundle of worker.ts). */
export function startEngine(options: EngineOptions & { readonly workerPath: string }): EngineClient {
  const { workerPath, ...engineOptions } = options
  const worker = new Worker(workerPath, { workerData: engineOptions })
  const listeners = new Listeners()
  const waiting = new Map<number, (result: Result<unknown>) => void>()
  let nextId = 1
  let failure: AppError | null = null
  let onFailure: ((error: AppError) => void) | null = null
  let resolveClosed: () => void = () => undefined
  const closed = new Promise<void>((resolve) => {
    resolveClosed = resolve
  })
  let closing = false
  /** What was told last of work that has an end. */
  const told: { -readonly [E in 'progress' | 'repricing' | 'deletion' | 'opening']?: EngineEvents[E] } = {}
  /** The store was closed in order. */
  let ended = false

  const fail = (error: AppError): void => {
    if (failure !== null) return
    failure = error
    tellEnds(error)
    for (const answer of waiting.values()) answer({ ok: false, error })
    waiting.clear()
    if (!closing) onFailure?.(error)
  }
  const send = (message: ToWorker): void => {
    worker.postMessage(message)
  }
  /** Whoever was told of work under way would wait for its end for ever: the thread that did it is gone. */
  const tellEnds = (error: AppError): void => {
    const { progress, repricing, deletion, opening } = told
    if (progress?.active === true) listeners.emit('progress', { ...progress, active: false, secondsLeft: null })
    if (repricing?.active === true) listeners.emit('repricing', { ...repricing, active: false })
    if (deletion?.active === true) listeners.emit('deletion', { ...deletion, active: false, secondsLeft: null, error })
    if (opening !== undefined && opening.share < 1) listeners.emit('opening', { ...opening, share: 1 })
  }

  worker.on('message', (message: FromWorker) => {
    switch (message.kind) {
      case 'opened':
        break
      case 'failed':
        fail(message.error)
        break
      case 'answer':
        waiting.get(message.id)?.(message.result)
        waiting.delete(message.id)
        break
      case 'event':
        Object.assign(told, { [message.event]: message.payload })
        listeners.emit(message.event, message.payload)
        break
      case 'closed':
        ended = true
        resolveClosed()
        break
    }
  })
  worker.on('error', (error) => {
    fail(toAppError(error))
  })
  worker.on('exit', () => {
    if (!ended) StoreLock.releaseOf(engineOptions.dataFolder, process.pid)
    fail({ code: 'internal', message: 'The engine ended.', hint: 'Start the app again.' })
    resolveClosed()
  })

  return {
    call<M extends keyof EngineMethods>(method: M, ...args: Parameters<EngineMethods[M]>) {
      return new Promise<Result<Awaited<ReturnType<EngineMethods[M]>>>>((resolve) => {
        if (failure !== null) {
          resolve({ ok: false, error: failure })
          return
        }
        const id = nextId++
        waiting.set(id, (result) => {
          resolve(result as Result<Awaited<ReturnType<EngineMethods[M]>>>)
        })
        send({ kind: 'request', id, method, args })
      })
    },
    on: (event, listener) => listeners.on(event, listener),
    onFailure(listener) {
      onFailure = listener
      if (failure !== null) listener(failure)
    },
    async close() {
      closing = true
      if (failure === null) {
        send({ kind: 'close' })
        await closed
      }
      await worker.terminate()
    },
  }
}
