import { onMounted, onScopeDispose } from 'vue'
import { api } from '../api'

/**
 * Runs `refresh` now and whenever the store changed, never two at a time and at most once per `interval` ms. A change
 * during a run or a pause is not lost: one more run follows.
 */
export function useLive(refresh: () => Promise<void>, interval = 400): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  let running = false
  let wanted = false
  let disposed = false

  async function run(): Promise<void> {
    timer = undefined
    running = true
    wanted = false
    await refresh().catch(() => undefined)
    running = false
    if (!disposed)
      timer = setTimeout(() => {
        timer = undefined
        if (wanted) void run()
      }, interval)
  }

  function request(): void {
    wanted = true
    if (!running && timer === undefined) void run()
  }

  onMounted(request)
  const stop = api.on('changed', request)
  onScopeDispose(() => {
    disposed = true
    stop()
    clearTimeout(timer)
  })
}
