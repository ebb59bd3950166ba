import {
  computed,
  inject,
  provide,
  shallowReactive,
  shallowRef,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
  type WritableComputedRef,
} from 'vue'

export interface Folds {
  readonly toggled: Map<string, boolean>
  /** How many of a list are shown where the reader asked for more. */
  readonly counts: Map<string, number>
  /** Everything whose key starts so is open unless the reader closed it: a text found in it has to be seen. */
  readonly unfolded: ShallowRef<string | null>
}

const FOLDS: InjectionKey<Folds> = Symbol('folds')

const create = (): Folds => ({
  toggled: shallowReactive(new Map<string, boolean>()),
  counts: shallowReactive(new Map<string, number>()),
  unfolded: shallowRef(null),
})

/** Of a list so many are shown at first, and so many where a text was found in it. */
const FIRST = 100
const UNFOLDED = 600

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

/** How many of a list are shown; `more` shows as many again. */
export function useShownCount(key: () => string): { readonly count: ComputedRef<number>; readonly more: () => void } {
  const { counts, unfolded } = inject(FOLDS, create, true)
  const isUnfolded = (): boolean => unfolded.value !== null && key().startsWith(unfolded.value)
  const count = computed(() => Math.max(counts.get(key()) ?? FIRST, isUnfolded() ? UNFOLDED : 0))
  return { count, more: () => void counts.set(key(), 2 * count.value) }
}
