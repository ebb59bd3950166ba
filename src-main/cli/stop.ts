/** Resolves when the program is told to end: Ctrl+C, a service manager, a closed terminal. */
export function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    // Without anything else to wait for, Node would end by itself.
    const alive = setInterval(() => undefined, 2 ** 30)
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        clearInterval(alive)
        resolve()
      })
    }
  })
}
