import type { Database } from 'sql.js'
import type { ArchivePosition, BlockPlace } from '../../archive/position'
import type { PriceCatalog } from '../../pricing/catalog'
import type { FileCheckpoint } from '../../tail/file-state'
import { BlockApplier, storedFiles } from './block-applier'
import { Meta } from '../database/meta'
import { MIGRATIONS, SCHEMA_VERSION } from '../database/migrations/index'
import { Names, wellFormed } from '../database/names'
import { int, Sql } from '../database/sql'
import type { IndexedBlock } from './indexed-block'
import { lineKey, LineIdentities, type KnownRequest } from './line-identities'
import { SessionRows } from './session-rows'
import { SessionTexts } from './session-texts'
import type { CostChange, RoundCostChange } from '../sums/cost-change'
import { Hours } from '../sums/hours'
import { UsageColumns } from '../sums/usage-columns'

export interface IndexOptions {
  /** IANA name of the zone whose hours and days the sums are by. */
  readonly timeZone: string
  readonly prices: PriceCatalog
}

/** Sums for another time zone, ready to replace those in use (rebuild/rezoning.ts). */
interface RezonedSums {
  /** IANA name. */
  readonly timeZone: string
  readonly hours: Hours
  /** Replaces the sums within the caller's transaction. */
  readonly finish: () => void
}

/**
 * The sql.js database derived from the archive. New and replayed blocks both enter through apply(), so a rebuilt index
 * equals one that grew.
 */
export class SessionIndex {
  readonly sql: Sql
  readonly models: Names
  readonly consumers: Names
  readonly sources: Names
  /** What a text filter of the session list looks through. */
  readonly texts: SessionTexts
  readonly #meta: Meta
  readonly #lines: LineIdentities
  readonly #sessions: SessionRows
  readonly #blocks: BlockApplier
  #timeZone: string
  #hours: Hours
  #lastPlace: BlockPlace | null = null
  #usage: UsageColumns | null = null
  /** Rows in `#usage` when it was loaded. */
  #usageLoaded = 0
  /** Starts at a new number at each opening, since the days may be those of another time zone by then. */
  #revision = Date.now()

  constructor(database: Database, options: IndexOptions) {
    const sql = new Sql(database)
    this.sql = sql
    this.#timeZone = options.timeZone
    this.#hours = new Hours(options.timeZone)
    migrate(sql)
    this.models = new Names(sql, 'model')
    this.consumers = new Names(sql, 'consumer')
    this.sources = new Names(sql, 'source')
    this.texts = new SessionTexts(sql)
    this.#lines = new LineIdentities(sql)
    this.#meta = new Meta(sql)
    this.#sessions = new SessionRows(sql)
    if (this.#meta.get('time_zone') === null) this.#meta.set('time_zone', options.timeZone)
    this.#blocks = new BlockApplier(
      {
        sql,
        prices: options.prices,
        hourOf: (time) => this.#hours.of(time),
        models: this.models,
        consumers: this.consumers,
        sources: this.sources,
        sessions: this.#sessions,
        lines: this.#lines,
        texts: this.texts,
      },
      { mayBeBroken: this.#meta.get('may_be_broken') === '1' },
    )
  }

  /** The schema version of a database file, read without changing it. */
  static versionOf(database: Database): number {
    return int(database.exec('PRAGMA user_version')[0]?.values[0]?.[0])
  }

  /** The rows of `usage` in memory. */
  get usage(): UsageColumns {
    // Applied blocks only append rows, so keys repeat; reload when most rows are such.
    if (this.#usage !== null && this.#usage.length > 2 * this.#usageLoaded + 100_000) this.#usage = null
    if (this.#usage === null) {
      this.#usage = UsageColumns.load(this.sql)
      this.#usageLoaded = this.#usage.length
    }
    return this.#usage
  }

  /** IANA name of the zone whose hours and days the sums are by. */
  get timeZone(): string {
    return this.#timeZone
  }

  /** The hour of an instant (ms since the epoch) in the user's time zone: YYYYMMDDHH. */
  hourOf(time: number): number {
    return this.#hours.of(time)
  }

  /** Grows with every change. */
  get revision(): number {
    return this.#revision
  }

  /** Makes this index the successor of one with that revision. */
  follow(revision: number): void {
    this.#revision = Math.max(this.#revision, revision + 1)
  }

  /** PriceCatalog.fingerprint of the prices behind all costs; null when several price lists were used. */
  get pricing(): string | null {
    return this.#meta.get('pricing')
  }

  set pricing(fingerprint: string | null) {
    this.#meta.set('pricing', fingerprint)
    this.#revision += 1
  }

  /** Takes in repriced rounds, whose sequence numbers are at least `from` and below `to`. */
  costsChanged(
    usage: Iterable<readonly CostChange[]>,
    rounds: ReadonlyMap<number, RoundCostChange>,
    from: number,
    to: number,
  ): void {
    this.#blocks.insights.reprice(rounds, from, to)
    for (const rows of usage) for (const change of rows) this.#usage?.addCost(change)
    this.#revision += 1
  }

  /** Whether the sums are those of another time zone than `timeZone` (rebuild/rezoning.ts). */
  get needsRezoning(): boolean {
    return this.#meta.get('time_zone') !== this.#timeZone
  }

  /** Replaces the sums with those of another time zone. */
  adopt(sums: RezonedSums): void {
    this.sql.transaction(() => {
      sums.finish()
      this.#meta.set('time_zone', sums.timeZone)
    })
    this.#timeZone = sums.timeZone
    this.#hours = sums.hours
    this.#usage = null
    this.#revision += 1
  }

  /** The archive position this index was saved at; null for an index that never was. */
  position(): ArchivePosition | null {
    const text = this.#meta.get('position')
    return text === null ? null : (JSON.parse(text) as ArchivePosition)
  }

  /** The archive to which `position` refers (readArchiveId). */
  get archiveId(): string {
    return this.#meta.get('archive') ?? ''
  }

  setPosition(position: ArchivePosition, archiveId: string): void {
    this.#meta.set('position', JSON.stringify(position))
    this.#meta.set('archive', archiveId)
    this.#meta.set('may_be_broken', this.#blocks.mayBeBroken ? '1' : '0')
  }

  /** Where the last applied block lies; null when none was applied since the index was opened. */
  get lastPlace(): BlockPlace | null {
    return this.#lastPlace
  }

  /** Adds a block of the archive, whole or not at all. */
  apply(block: IndexedBlock, place: BlockPlace): void {
    try {
      this.#blocks.apply(block, place, this.#usage)
    } catch (error) {
      this.#usage = null
      throw error
    }
    this.#lastPlace = place
    this.#revision += 1
  }

  /** Loads the identities of all lines in slices (LineIdentities.prepare). `pause` lets others work. */
  async prepareLines(pause: () => Promise<void>): Promise<void> {
    await this.#lines.prepare(this.requestCount(), () => this.#revision, pause)
  }

  /** The request whose line has that identity; undefined when the line is new. */
  findRequest(hash: string): KnownRequest | undefined {
    return this.#lines.find(lineKey(hash))
  }

  /** Whether the line with that identity was deleted for good. */
  isDeletedLine(hash: string): boolean {
    return this.#lines.isDeleted(lineKey(hash))
  }

  /** Identities of lines that were deleted for good (LineIdentities.deletedAfter). */
  deletedLines(after: Buffer | null, limit: number): Buffer {
    return this.#lines.deletedAfter(after, limit)
  }

  /** Where request `seq` lies in the archive. */
  placeOf(seq: number): BlockPlace | undefined {
    const row = this.sql.get(
      'SELECT first_seq, requests, segment, offset FROM block WHERE first_seq <= ? ORDER BY first_seq DESC LIMIT 1',
      [seq],
    )
    if (row === undefined) return undefined
    const place = { firstSeq: int(row[0]), requests: int(row[1]), segment: int(row[2]), offset: int(row[3]) }
    return seq < place.firstSeq + place.requests ? place : undefined
  }

  /** The latest requests of a session with a logged id, newest first. */
  latestRequests(sessionKey: string, limit: number): number[] {
    const id = this.#sessions.find(wellFormed(sessionKey), false)
    if (id === undefined) return []
    return this.sql
      .all('SELECT seq FROM request WHERE session_id = ? ORDER BY time DESC, seq DESC LIMIT ?', [id, limit])
      .map((found) => int(found[0]))
  }

  /** All files ever read, oldest first. */
  files(): FileCheckpoint[] {
    return storedFiles(this.sql)
  }

  requestCount(): number {
    return int(this.sql.get('SELECT count(*) FROM request')?.[0])
  }
}

function migrate(sql: Sql): void {
  const version = int(sql.get('PRAGMA user_version')?.[0])
  for (let step = version; step < SCHEMA_VERSION; step += 1) {
    sql.transaction(() => {
      sql.script(MIGRATIONS[step]?.sql ?? '')
      sql.script(`PRAGMA user_version = ${String(step + 1)}`)
    })
  }
}
