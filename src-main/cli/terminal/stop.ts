/** Being told to end: by Ctrl+C, a service manager, a closed terminal. */
export interface Stop {
  readonly told: Promise<void>
  /** Listens no more; a program that only waited for this can end. */
  readonly release: () => void
}

export function listenForStop(): Stop {
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  let resolve: () => void = () => undefined
  const told = new Promise<void>((done) => {
    resolve = done
  })
  // Without anything else to wait for, Node would end by itself.
  const alive = setInterval(() => undefined, 2 ** 30)
  for (const signal of signals) process.on(signal, resolve)
  return {
    told,
    release: () => {
      clearInterval(alive)
      for (const signal of signals) process.off(signal, resolve)
    },
  }
}
