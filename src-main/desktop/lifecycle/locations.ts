import { dirname, join } from 'node:path'

/** Where the program's own files lie. */
export interface ProgramFiles {
  readonly preload: string
  readonly renderer: string
  readonly worker: string
  readonly samples: string
  readonly icons: string
  readonly readme: string
}

/** `application`: the folder of package.json, or app.asar when packaged; other programs can't look into that. */
export function programFiles(application: string): ProgramFiles {
  return {
    preload: join(application, 'out', 'preload', 'preload.cjs'),
    renderer: join(application, 'out', 'renderer'),
    worker: join(application, 'out', 'main', 'worker.js'),
    samples: join(application, 'resources', 'samples'),
    icons: join(application, 'resources', 'icons'),
    readme: join(application.endsWith('.asar') ? dirname(application) : application, 'README.md'),
  }
}

/** Where the user's data lies, all of it under Electron's userData folder. */
export interface UserFiles {
  readonly folder: string
  readonly settings: string
  readonly store: string
  readonly programLogs: string
  readonly sampleLog: string
}

export function userFiles(userData: string): UserFiles {
  return {
    folder: userData,
    settings: join(userData, 'settings.json'),
    store: join(userData, 'store'),
    programLogs: join(userData, 'logs'),
    sampleLog: join(userData, 'sample-log'),
  }
}
