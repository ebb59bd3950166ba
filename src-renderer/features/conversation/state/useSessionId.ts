import { inject, provide, type InjectionKey } from 'vue'

const KEY: InjectionKey<string> = Symbol('session id')

export const provideSessionId = (sessionId: string): void => {
  provide(KEY, sessionId)
}

/** The id of the session around the component; empty outside a session's page. */
export const useSessionId = (): string => inject(KEY, '')
