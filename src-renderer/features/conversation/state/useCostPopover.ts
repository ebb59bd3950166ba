import { inject, provide, shallowRef, type InjectionKey, type ShallowRef } from 'vue'
import type { RoundCost } from '@contract'

interface ShownCost {
  readonly cost: RoundCost | null
  readonly x: number
  readonly y: number
}

interface CostPopover {
  readonly shown: Readonly<ShallowRef<ShownCost | null>>
  readonly show: (target: EventTarget | null, cost: RoundCost | null) => void
  readonly hide: () => void
}

const KEY: InjectionKey<CostPopover> = Symbol('cost popover')

/** One popover for all rounds: one of its own for each of them was most of what a round costs to render. */
export function provideCostPopover(): CostPopover {
  const shown = shallowRef<ShownCost | null>(null)
  const popover: CostPopover = {
    shown,
    show: (target, cost) => {
      if (!(target instanceof Element)) return
      const box = target.getBoundingClientRect()
      shown.value = { cost, x: box.left, y: box.top + box.height / 2 }
    },
    hide: () => (shown.value = null),
  }
  provide(KEY, popover)
  return popover
}

export const useCostPopover = (): CostPopover | undefined => inject(KEY, undefined)
