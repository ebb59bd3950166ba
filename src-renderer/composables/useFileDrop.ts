import { useEventListener } from '@vueuse/core'
import { ref, type Ref } from 'vue'

/**
 * Files or folders dragged over the window. Both dragover and drop are always prevented: without that the window would
 * navigate to the dropped file.
 */
export function useFileDrop(onFiles: (files: readonly File[]) => void): Ref<boolean> {
  const over = ref(false)
  // dragenter and dragleave fire for every element crossed; the window is left when as many were left as entered.
  let depth = 0

  const carriesFiles = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') ?? false

  useEventListener(window, 'dragenter', (event) => {
    if (!carriesFiles(event)) return
    depth++
    over.value = true
  })
  useEventListener(window, 'dragleave', (event) => {
    if (!carriesFiles(event)) return
    depth = Math.max(0, depth - 1)
    if (depth === 0) over.value = false
  })
  useEventListener(window, 'dragover', (event) => {
    event.preventDefault()
    if (event.dataTransfer) event.dataTransfer.dropEffect = carriesFiles(event) ? 'copy' : 'none'
  })
  useEventListener(window, 'drop', (event) => {
    event.preventDefault()
    depth = 0
    over.value = false
    const files = Array.from(event.dataTransfer?.files ?? [])
    if (files.length > 0) onFiles(files)
  })
  return over
}
