import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import * as v from 'valibot'
import type { DataSelection, Notice } from '../../contract/index'
import { systemCode } from '../../shared/system-errors'
import { replaceFileSync } from '../disk/replace-file'
import { AGREED_DELETION } from '../disk/store-names'
import { lockHolder } from '../disk/store-lock'

/**
 * A deletion the user agreed to, kept from before it begins until it has ended: what a kill or a quit cuts short is gone
 * on with at the next start, because nobody looks twice at what he believes to be deleted.
 */
export interface AgreedDeletion {
  readonly selection: DataSelection
  /** The archive it is to be done in: where another one stands in its place, it was done. */
  readonly archiveId: string
  /** How often it was gone on with and cut short again, other than by the program being closed in order. */
  readonly attempts: number
}

const schema = v.object({
  selection: v.union([v.object({ olderThan: v.pipe(v.number(), v.finite()) }), v.object({ source: v.string() })]),
  archiveId: v.string(),
  attempts: v.pipe(v.number(), v.integer(), v.minValue(0)),
})

/** Throws a system error where it can't be written. */
export function keepAgreedDeletion(dataFolder: string, agreed: AgreedDeletion): void {
  replaceFileSync(join(dataFolder, AGREED_DELETION), [Buffer.from(JSON.stringify(agreed))])
}

/** It has ended, one way or the other. */
export function dropAgreedDeletion(dataFolder: string): void {
  try {
    rmSync(join(dataFolder, AGREED_DELETION), { force: true })
  } catch {
    // Of one that was done, the archive's id says so. Of another, it is done after all.
  }
}

/** The one that is still to be done in the archive `archiveId`; null when there is none. Throws a system error. */
export function readAgreedDeletion(dataFolder: string, archiveId: string): AgreedDeletion | null {
  const read = v.safeParse(schema, parsed(join(dataFolder, AGREED_DELETION)))
  return read.success && read.output.archiveId === archiveId ? read.output : null
}

/** What a process that only reads has to tell of it: nobody goes on with it until one that writes is started. */
export function unfinishedDeletion({ dataFolder, archiveId }: { dataFolder: string; archiveId: string }): Notice[] {
  if (lockHolder(dataFolder) !== null || readAgreedDeletion(dataFolder, archiveId) === null) return []
  return [
    {
      level: 'info',
      code: 'interrupted',
      message: 'Part of this history is still to be deleted: the program ended while it did so.',
      where: dataFolder,
      hint: 'It resumes when you start the app or run a command that writes.',
    },
  ]
}

function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || error instanceof SyntaxError) return null
    throw error
  }
}
