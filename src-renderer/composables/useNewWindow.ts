import { useRouter, type RouteLocationRaw } from 'vue-router'
import { api } from '../api'
import { useAppStore } from '../stores/app'

/** Opens a page in a window of its own. */
export function useNewWindow(): (to: RouteLocationRaw) => void {
  const app = useAppStore()
  const router = useRouter()
  return (to) => {
    // The address begins with the # that parts the page from its route.
    const route = router.resolve(to).href.replace(/^[^#]*#/, '')
    void api.call('app:new-window', route).catch(app.notifyError)
  }
}
