import type { App } from 'electron'

/** Lets the store be saved before the program ends, but not for ever. */
export function closeBeforeQuit(
  app: App,
  close: () => Promise<unknown>,
  limitMs = 5000,
): { isQuitting: () => boolean } {
  let quitting = false
  let closing: Promise<unknown> | null = null
  let closed = false
  app.on('before-quit', () => {
    quitting = true
  })
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    closing ??= within(limitMs, close()).finally(() => {
      closed = true
      app.quit()
    })
  })
  return { isQuitting: () => quitting }
}

/** Resolves when `work` is settled, or after `ms`. */
async function within(ms: number, work: Promise<unknown>): Promise<'done' | 'too-slow'> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<'too-slow'>((resolve) => {
    timer = setTimeout(() => resolve('too-slow'), ms)
  })
  try {
    return await Promise.race([
      work.then(
        () => 'done' as const,
        () => 'done' as const,
      ),
      limit,
    ])
  } finally {
    clearTimeout(timer)
  }
}
