/** Says that something happened to whoever listens; services emit it without knowing who does. */
export interface Signal<T> {
  readonly emit: (value: T) => void
  readonly on: (listener: (value: T) => void) => void
}

export function createSignal<T = void>(): Signal<T> {
  const listeners: ((value: T) => void)[] = []
  return {
    emit(value) {
      for (const listener of listeners) listener(value)
    },
    on: (listener) => void listeners.push(listener),
  }
}
