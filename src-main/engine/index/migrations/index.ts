import { sql as initial } from './001-initial'

/**
 * The schema's numbered steps, in order: number N brings an index of schema N-1 to N. A shipped step is never edited.
 * To change the schema, add a file here and a row below, and a test that fills N-1 and goes to N.
 */
export const MIGRATIONS: readonly string[] = [initial]

/** The schema this program works with. */
export const SCHEMA_VERSION = MIGRATIONS.length
