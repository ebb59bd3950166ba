/** One thing that was looked at. */
export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'note' | 'problem'
  readonly message: string
  /** What to do about it. */
  readonly hint?: string
}
