import { parentPort, workerData } from 'node:worker_threads'
import { toAppError } from '../base/errors'
import { Engine } from '../engine'
import { EVENT_NAMES } from '../events/listeners'
import type { EngineOptions } from '../interface/methods'
import { answerRequest, type FromWorker, type ToWorker } from './protocol'

/** The engine in its own thread: takes requests in order, answers each with a value, and passes events on. */
function serve(): void {
  const port = parentPort
  if (port === null) throw new Error('This file runs as a worker thread only.')
  const send = (message: FromWorker): void => {
    port.postMessage(message)
  }
  const opening = Engine.open(workerData as EngineOptions, (payload) => {
    send({ kind: 'event', event: 'opening', payload })
  }).then(
    (engine) => {
      for (const event of EVENT_NAMES) {
        engine.on(event, (payload) => {
          send({ kind: 'event', event, payload } as FromWorker)
        })
      }
      for (const notice of engine.notices) send({ kind: 'event', event: 'notice', payload: notice })
      send({ kind: 'opened' })
      return engine
    },
    (error: unknown) => {
      send({ kind: 'failed', error: toAppError(error) })
      return null
    },
  )
  port.on('message', (message: ToWorker) => {
    void opening.then(async (engine) => {
      if (message.kind === 'close') {
        await engine?.close()
        send({ kind: 'closed' })
        port.close()
      } else if (engine !== null) {
        send(await answerRequest(engine, message))
      }
    })
  })
}

serve()
