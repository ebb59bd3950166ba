import { Menu } from 'electron'
import { menuTemplate, sessionItems, windowItems } from './menu-template'
import type { MenuCommands, MenuState } from './menu-template'

export interface ApplicationMenu {
  show(state: MenuState): void
}

export function createApplicationMenu(commands: MenuCommands): ApplicationMenu {
  let shown: MenuState | null = null
  return {
    show(state) {
      const menu = Menu.getApplicationMenu()
      if (menu === null || shown?.texts !== state.texts || shown.recent !== state.recent) {
        Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, commands)))
      } else {
        // Small changes on the menu that is there: a new one would close under the user's hand.
        const enable = (ids: readonly string[], enabled: boolean): void => {
          for (const id of ids) {
            const item = menu.getMenuItemById(id)
            if (item !== null) item.enabled = enabled
          }
        }
        enable(windowItems, state.windowShown)
        enable(sessionItems, state.windowShown && state.sessionShown)
        const theme = menu.getMenuItemById(`theme-${state.theme}`)
        if (theme !== null) theme.checked = true
      }
      shown = state
    },
  }
}
