import { Notification } from 'electron'

/** Shows a desktop notification, where the system can; a click leads to the budgets. */
export function showBudgetNotification(words: { title: string; body: string }, onClick: () => void): void {
  if (!Notification.isSupported()) return
  const notification = new Notification(words)
  notification.on('click', onClick)
  notification.show()
}
