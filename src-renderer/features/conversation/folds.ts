import { computed, inject, provide, shallowReactive, type InjectionKey, type WritableComputedRef } from 'vue'

const FOLDS: InjectionKey<Map<string, boolean>> = Symbol('folds')

/** Remembers what the reader opened, also while its page of rounds is not rendered. */
export function provideFolds(): void {
  provide(FOLDS, shallowReactive(new Map<string, boolean>()))
}

export function useFold(key: () => string): WritableComputedRef<boolean> {
  const folds = inject(FOLDS, () => shallowReactive(new Map<string, boolean>()), true)
  return computed({
    get: () => folds.get(key()) ?? false,
    set: (open) => folds.set(key(), open),
  })
}
