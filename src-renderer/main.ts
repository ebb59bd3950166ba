import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { keepPlacesOverRestart } from './composables/usePlace'
import { useTheme } from './composables/useTheme'
import { i18n } from './i18n'
import { adoptSessionLink, createAppRouter } from './router'
import { useAppStore } from './stores/app'
import { useHistoryStore } from './stores/history'
import { useSourcesStore } from './stores/sources'
import './styles/base.css'
import { warmUp } from './warm-up'

const app = createApp(App)
app.use(createPinia())
app.use(i18n)

const store = useAppStore()
app.config.errorHandler = (thrown) => {
  console.error(thrown)
  store.notifyError(thrown)
}

// The stored theme and language are known before the first frame; the log's state may come after it.
// The charts measure their labels once, so the font has to be there before them.
await Promise.all([store.start(), document.fonts.load("12px 'Inter Variable'").catch(() => undefined)])
useTheme()
void useSourcesStore().start()
void useHistoryStore().start()

adoptSessionLink()
const router = createAppRouter()
// A browser keeps the places of its tabs itself.
if (!store.info.readOnly) keepPlacesOverRestart()
app.use(router)
app.mount('#app')
warmUp(app)
