import {
  computed,
  inject,
  provide,
  shallowReactive,
  shallowRef,
  type InjectionKey,
  type ShallowRef,
  type WritableComputedRef,
} from 'vue'

export interface Folds {
  readonly toggled: Map<string, boolean>
  /** Everything whose key starts so is open unless the reader closed it: a text found in it has to be seen. */
  readonly unfolded: ShallowRef<string | null>
}

const FOLDS: InjectionKey<Folds> = Symbol('folds')

const create = (): Folds => ({ toggled: shallowReactive(new Map<string, boolean>()), unfolded: shallowRef(null) })

/** Remembers what the reader opened, also while its page of rounds is not rendered. */
export function provideFolds(): Folds {
  const folds = create()
  provide(FOLDS, folds)
  return folds
}

export function useFold(key: () => string): WritableComputedRef<boolean> {
  const { toggled, unfolded } = inject(FOLDS, create, true)
  return computed({
    get: () => toggled.get(key()) ?? (unfolded.value !== null && key().startsWith(unfolded.value)),
    set: (open) => toggled.set(key(), open),
  })
}
