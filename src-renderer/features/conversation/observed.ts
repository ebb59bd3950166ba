import { onBeforeUnmount, onMounted, type Ref } from 'vue'

/** Has an element watched for coming near the screen as long as its component is there. */
export function useObserved(element: Ref<HTMLElement | null>, observer: () => IntersectionObserver | null): void {
  onMounted(() => {
    if (element.value !== null) observer()?.observe(element.value)
  })
  onBeforeUnmount(() => {
    if (element.value !== null) observer()?.unobserve(element.value)
  })
}
