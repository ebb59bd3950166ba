import { Menu } from 'electron'
import { menuTemplate } from './menu-template'
import type { MenuCommands, MenuState } from './menu-template'

export interface ApplicationMenu {
  show(state: MenuState): void
}

export function createApplicationMenu(commands: MenuCommands): ApplicationMenu {
  let shown: MenuState | null = null
  return {
    show(state) {
      const menu = Menu.getApplicationMenu()
      if (menu === null || shown?.texts !== state.texts) {
        Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(state, commands)))
      } else {
        // Small changes on the menu that is there: a new one would close under the user's hand.
        const exportSession = menu.getMenuItemById('export-session')
        if (exportSession !== null) exportSession.enabled = state.sessionShown
        const theme = menu.getMenuItemById(`theme-${state.theme}`)
        if (theme !== null) theme.checked = true
      }
      shown = state
    },
  }
}
