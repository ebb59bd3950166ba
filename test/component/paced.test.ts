import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { usePaced } from '../../src-renderer/composables/usePaced'

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  scope = effectScope()
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
})

describe('following at a pace', () => {
  const set = async (source: { value: number }, value: number): Promise<void> => {
    source.value = value
    await nextTick()
  }

  it('takes the latest of what changes faster, and loses none', async () => {
    const source = shallowRef(0)
    const followed = scope.run(() =>
      usePaced(
        () => source.value,
        1000,
        () => 'same',
      ),
    )!
    await set(source, 1)
    await set(source, 2)
    expect(followed.value).toBe(0)
    await vi.advanceTimersByTimeAsync(1000)
    expect(followed.value).toBe(2)
    await vi.advanceTimersByTimeAsync(5000)
    await set(source, 3)
    expect(followed.value, 'after a rest there is nothing to wait for').toBe(3)
  })

  it('answers the user at once', async () => {
    const source = shallowRef(0)
    const view = shallowRef('all')
    const followed = scope.run(() =>
      usePaced(
        () => source.value,
        1000,
        () => view.value,
      ),
    )!
    view.value = 'a week'
    await set(source, 1)
    expect(followed.value).toBe(1)
  })

  it('ends with what uses it', async () => {
    const source = shallowRef(0)
    const followed = scope.run(() =>
      usePaced(
        () => source.value,
        1000,
        () => 'same',
      ),
    )!
    await set(source, 1)
    scope.stop()
    await vi.advanceTimersByTimeAsync(2000)
    expect(followed.value).toBe(0)
  })
})
