import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** Lets the observer watch an element while its component is mounted. */
export function useObserved(element: Ref<HTMLElement | null>, observer: () => IntersectionObserver | null): void {
  onMounted(() => {
    if (element.value !== null) observer()?.observe(element.value)
  })
  onBeforeUnmount(() => {
    if (element.value !== null) observer()?.unobserve(element.value)
  })
}
