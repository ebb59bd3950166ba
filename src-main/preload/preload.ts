import { contextBridge, ipcRenderer, webUtils } from 'electron'
import { createBridge } from './bridge'

contextBridge.exposeInMainWorld(
  'monitor',
  createBridge({ ipc: ipcRenderer, pathOf: (file) => webUtils.getPathForFile(file) }),
)
