import { sql as initial } from './001-initial'
import { sql as usageByHour } from './002-usage-by-hour'
import { sql as insights } from './003-insights'
import { sql as deletedLines } from './004-deleted-lines'
import { sql as wholePrompts } from './005-whole-prompts'
import { sql as billedTokens } from './006-billed-tokens'

interface Migration {
  readonly sql: string
  /** It brings what the index did not hold: an older index is made anew from the archive. */
  readonly fromArchive: boolean
}

/**
 * The schema's numbered steps, in order: number N brings an index of schema N-1 to N. A shipped step is never edited.
 * To change the schema, add a file here and a row below, and a test that fills N-1 and goes to N.
 */
export const MIGRATIONS: readonly Migration[] = [
  { sql: initial, fromArchive: true },
  { sql: usageByHour, fromArchive: true },
  { sql: insights, fromArchive: true },
  { sql: deletedLines, fromArchive: false },
  { sql: wholePrompts, fromArchive: true },
  { sql: billedTokens, fromArchive: true },
]

/** The schema this program works with. */
export const SCHEMA_VERSION = MIGRATIONS.length

/** Whether an index of that schema can be brought to this program's as it is. */
export function canMigrate(version: number): boolean {
  return version === 0 || MIGRATIONS.slice(version).every((step) => !step.fromArchive)
}
