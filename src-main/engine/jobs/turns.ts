/** Work was given up because it was cancelled, or the engine is closing. */
export class Interrupted extends Error {}

/** The turns in which work is done on the store, one piece of work at a time. */
export interface Turns {
  /** Does `work` while nothing else works on the store. */
  readonly takeTurn: (work: () => Promise<void>) => Promise<void>
  /** Lets queries in. Rejects with Interrupted when the work it is part of is to be given up. */
  readonly letOthersWork: (isCancelled?: () => boolean) => Promise<void>
}
