import { sql as initial } from './001-initial'
import { sql as usageByHour } from './002-usage-by-hour'
import { sql as insights } from './003-insights'
import { sql as deletedLines } from './004-deleted-lines'
import { sql as wholePrompts } from './005-whole-prompts'
import { sql as billedTokens } from './006-billed-tokens'

interface Migration {
  readonly sql: string
  /** It adds something an older index does not hold, so that is rebuilt from the archive. */
  readonly fromArchive: boolean
}

/**
 * The numbered steps of the schema: number N takes an index from schema N-1 to N. A released step is never edited. To
 * change the schema, add a file here and a row below, and a test that fills N-1 and migrates to N.
 */
export const MIGRATIONS: readonly Migration[] = [
  { sql: initial, fromArchive: true },
  { sql: usageByHour, fromArchive: true },
  { sql: insights, fromArchive: true },
  { sql: deletedLines, fromArchive: false },
  { sql: wholePrompts, fromArchive: true },
  { sql: billedTokens, fromArchive: true },
]

/** The schema that this version works with. */
export const SCHEMA_VERSION = MIGRATIONS.length

/** Whether an index of that schema can be migrated without the archive. */
export function canMigrate(version: number): boolean {
  return version === 0 || MIGRATIONS.slice(version).every((step) => !step.fromArchive)
}
