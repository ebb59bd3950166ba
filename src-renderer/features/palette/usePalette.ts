import { ref, type Ref } from 'vue'

const open = ref(false)

/** The one palette of the window: whoever sets it open shows it. */
export const usePalette = (): { readonly open: Ref<boolean> } => ({ open })
