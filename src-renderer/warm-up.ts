import { h, render, type App, type VNode } from 'vue'
import { api } from './api'
import RoundCard from './features/conversation/round/RoundCard.vue'
import SessionTable from './features/sessions/SessionTable.vue'
import { useSessionsStore } from './stores/sessions'

/** ms after the start: what is on screen goes first. */
const PAUSE = 1000

const FONTS = ['--font', '--font-mono']
const SIZES = ['--size-micro', '--size-small', '--size-body', '--size-read', '--size-title']
const WEIGHTS = [400, 500, 600]
/** Latin letters come with the program; each other script is looked for among the system's fonts when it is first met. */
const SAMPLE = 'Az09 会话，–…≈→'

/**
 * Does what the first visit of a page would have to do beside showing it, while nobody waits: finds the system's fonts,
 * fetches the first sessions, and renders their table and a round once where it is not seen. A step is a few milliseconds,
 * and is done only when the page is idle.
 */
export function warmUp(app: App): void {
  const steps = [
    ...FONTS.flatMap((font) => SIZES.map((size) => () => measure(font, size))),
    () => void warmPages(app).catch(() => undefined),
  ]
  const next = (): void => {
    steps.shift()?.()
    if (steps.length > 0) whenIdle(next)
  }
  setTimeout(() => whenIdle(next), PAUSE)
}

function whenIdle(step: () => void): void {
  // Not every browser that reads a served history has it.
  if ('requestIdleCallback' in window) requestIdleCallback(step)
  else setTimeout(step, 50)
}

function measure(font: string, size: string): void {
  const box = document.createElement('div')
  box.style.cssText = 'position:fixed;visibility:hidden;contain:strict;width:1px;height:1px'
  box.ariaHidden = 'true'
  for (const weight of WEIGHTS) {
    const text = document.createElement('span')
    text.style.font = `${weight} var(${size}) var(${font})`
    text.textContent = SAMPLE
    box.append(text)
  }
  document.body.append(box)
  box.getBoundingClientRect()
  box.remove()
}

/** The first sessions and the latest one's first rounds, as their pages show them. */
async function warmPages(app: App): Promise<void> {
  const store = useSessionsStore()
  if (store.total === null) await store.refresh()
  const latest = store.rowAt(0)
  if (latest === undefined) return
  whenIdle(() => renderApart(app, h(SessionTable)))
  const { rounds } = await api.call('sessionRounds', { sessionId: latest.sessionId, from: 1, limit: 2 })
  // The first letter typed into the filter is the slowest to be looked for, too.
  await api.call('sessions', { sortBy: 'lastTime', descending: true, offset: 0, limit: 1, text: latest.sessionId })
  for (const round of rounds) whenIdle(() => renderApart(app, h(RoundCard, { round, earlier: [] })))
}

/** Never part of the document: nothing of it is seen, or found by anyone who looks for it. */
function renderApart(app: App, content: VNode): void {
  const box = document.createElement('div')
  content.appContext = app._context
  render(content, box)
  render(null, box)
}
