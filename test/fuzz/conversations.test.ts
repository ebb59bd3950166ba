import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findSession } from '../../src-main/engine/index/queries/sessions'
import type { ChatMessage } from '../fixtures/engine/log-writer'
import { expectSame } from '../fixtures/engine/expect-same'
import { newWorld } from '../fixtures/engine/world'

/** What an agent may do to its history between two requests. */
type Step =
  | { readonly kind: 'say'; readonly text: string }
  /** Replaces the beginning by a summary. */
  | { readonly kind: 'compact'; readonly keep: number }
  /** Changes a message somewhere in the middle. */
  | { readonly kind: 'edit'; readonly at: number; readonly text: string }
  /** Takes the last messages back and says something else. */
  | { readonly kind: 'fork'; readonly drop: number; readonly text: string }
  /** Sends the same once more, as after a failure. */
  | { readonly kind: 'retry' }
  /** A helper with a history of its own, under the same session. */
  | { readonly kind: 'helper'; readonly text: string }
  | { readonly kind: 'restart' }
  | { readonly kind: 'flush' }

const text = fc.string({ unit: 'binary', maxLength: 8 })
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('say' as const), text }) },
  fc.record({ kind: fc.constant('compact' as const), keep: fc.nat(4) }),
  fc.record({ kind: fc.constant('edit' as const), at: fc.nat(10), text }),
  fc.record({ kind: fc.constant('fork' as const), drop: fc.nat(5), text }),
  fc.record({ kind: fc.constant('retry' as const) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('helper' as const), text }) },
  fc.record({ kind: fc.constant('restart' as const) }),
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('flush' as const) }) },
)

function next(step: Step, main: ChatMessage[], helper: ChatMessage[]): ChatMessage[] {
  const user = (content: string): ChatMessage => ({ role: 'user', content })
  switch (step.kind) {
    case 'say':
      main.push({ role: 'assistant', content: 'ok' }, user(step.text))
      return main
    case 'compact':
      main.splice(0, Math.max(0, main.length - step.keep), { role: 'system', content: 'summary' })
      return main
    case 'edit':
      if (main.length > 0) main[step.at % main.length] = user(step.text)
      return main
    case 'fork':
      main.splice(Math.max(0, main.length - step.drop), step.drop, user(step.text))
      return main
    case 'helper':
      helper.push(user(step.text))
      return helper
    default:
      return main
  }
}

test('every request of any conversation is told with exactly the messages it sent', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(step, fc.nat(1)), { minLength: 1, maxLength: 25 }), async (steps) => {
      const world = newWorld()
      const { log } = world
      const histories = [0, 1].map(() => ({ main: [] as ChatMessage[], helper: [] as ChatMessage[] }))
      await world.readOnce()
      for (const [action, session] of steps) {
        if (action.kind === 'restart') {
          await world.close()
          await world.open()
        } else if (action.kind === 'flush') {
          await world.engine.readOnce(world.paths)
        } else {
          const { main, helper } = histories[session]!
          const messages = [...next(action, main, helper)]
          log.append(1, '', { sessionId: `session ${String(session)}`, messages })
        }
      }
      await world.engine.readOnce(world.paths)
      expectSame(world.engine, log.maker.requests)
      await world.end()
    }),
    { numRuns: 60 },
  )
})

test('a conversation of which all is re-sent each time is kept once', async () => {
  const world = newWorld()
  const rounds = 60
  world.log.append(rounds, '', { sessionId: 'long' })
  const engine = await world.readOnce()
  const { id } = findSession(engine.store.index, 'long')!
  const seqs = engine.store.index.sql.all('SELECT seq FROM request WHERE session_id = ?', [id])
  const kept = seqs.map(([seq]) => engine.conversations.request(seq as number).messages?.length ?? 0)
  // The first request's messages, then the answer and the new question of each round.
  expect(kept).toEqual([2, ...Array.from({ length: rounds - 1 }, () => 2)])
})
