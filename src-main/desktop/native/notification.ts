import { Notification } from 'electron'

/** Those shown: one that nobody holds may be collected, and its click with it. */
const shown = new Set<Notification>()

/** Shows a desktop notification, where the system can; a click leads to what it speaks of. */
export function showNotification(words: { title: string; body: string }, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification(words)
  const forget = (): void => void shown.delete(notification)
  notification.on('click', () => {
    forget()
    onClick()
  })
  notification.on('close', forget)
  shown.add(notification)
  notification.show()
}
