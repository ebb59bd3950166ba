/** The part of an IPC event that says who sent it. */
export interface SenderEvent {
  readonly sender: { readonly id: number }
  /** Null when the frame navigated or went away after it had sent. */
  readonly senderFrame: { readonly origin: string; readonly parent: unknown } | null
}

export interface TrustedSender {
  /** Ids of our windows' web contents. */
  readonly contentsIds: ReadonlySet<number>
  readonly origin: string
}

/** Only the main frame of a window of ours, showing our own page, is listened to. */
export function isTrustedSender(event: SenderEvent, trusted: TrustedSender): boolean {
  try {
    const frame = event.senderFrame
    return (
      trusted.contentsIds.has(event.sender.id) &&
      frame !== null &&
      frame.parent === null &&
      frame.origin === trusted.origin
    )
  } catch {
    // Electron throws when the frame was disposed between sending and asking.
    return false
  }
}
