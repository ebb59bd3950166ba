/** The part of an IPC event that says who sent it. */
export interface SenderEvent {
  readonly sender: { readonly id: number }
  /** Null when the frame navigated or went away after it had sent. */
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null
}

export interface TrustedSender {
  /** Id of the window's web contents; null while there is no window. */
  readonly contentsId: number | null
  readonly origin: string
}

/** Only the main frame of our own window, showing our own page, is listened to. */
export function isTrustedSender(event: SenderEvent, trusted: TrustedSender): boolean {
  try {
    const frame = event.senderFrame
    return (
      trusted.contentsId !== null &&
      event.sender.id === trusted.contentsId &&
      frame !== null &&
      frame.parent === null &&
      frame.origin === trusted.origin
    )
  } catch {
    // Electron throws when the frame was disposed between sending and asking.
    return false
  }
}
