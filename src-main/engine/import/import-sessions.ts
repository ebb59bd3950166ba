import { readdirSync, readFileSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Engine } from '../engine'
import { EngineError, fromSystemError } from '../base/errors'
import { sessionRounds } from '../export/session-json'
import { findSession } from '../index/queries/sessions'
import { likenessOf, readSessionFile, type OriginalRound, type OriginalSession } from './session-file'

/** The result of importing session files. */
interface ImportResult {
  readonly files: number
  readonly sessions: number
  /** Rounds that were added. */
  readonly imported: number
  /** Rounds that the history already had, from a log or an earlier import. */
  readonly alreadyHere: number
  /** Rounds with reasoning tokens that the original skill had guessed; these counts were left out. */
  readonly guessesLeftOut: number
  /** JSON files that are not session files. */
  readonly otherFiles: readonly string[]
  /** Why some files could not be read; the others were imported. */
  readonly unreadable: readonly EngineError[]
}

/**
 * Imports session files of the original skill. Each round becomes a line as the gateway would have logged it, and is
 * stored like any other, with its file as its origin. Rounds that the history already has (same session, model, tokens,
 * question and answer) are skipped. `path`: a folder with session files, or a single one.
 */
export async function importSessions(engine: Engine, path: string): Promise<ImportResult> {
  const counts = { files: 0, sessions: 0, imported: 0, alreadyHere: 0, guessesLeftOut: 0 }
  const result = { ...counts, otherFiles: [] as string[], unreadable: [] as EngineError[] }
  for (const file of sessionFilesAt(path)) {
    result.files += 1
    let text: string
    try {
      text = readText(file)
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
      result.unreadable.push(error)
      continue
    }
    const session = readSessionFile(text, basename(file))
    if (session === null) {
      result.otherFiles.push(file)
      continue
    }
    result.sessions += 1
    const here = roundsHere(engine, session)
    const fresh: OriginalRound[] = []
    for (const round of session.rounds) {
      const times = here.get(round.likeness) ?? 0
      if (times > 0) {
        here.set(round.likeness, times - 1)
        result.alreadyHere += 1
      } else fresh.push(round)
    }
    result.guessesLeftOut += fresh.filter((round) => round.guessLeftOut).length
    if (fresh.length === 0) continue
    const before = engine.sourcesStatus().ledger
    await engine.readStream(linesOf(fresh), { path: file, source: path })
    const after = engine.sourcesStatus().ledger
    result.imported += after.counted - before.counted
    result.alreadyHere += after.duplicate - before.duplicate
  }
  if (result.sessions === 0) {
    throw (
      result.unreadable[0] ??
      new EngineError('not-found', 'No session file was found here.', {
        where: path,
        hint: 'Expected a folder with one JSON file a session, as the original’s --output-dir.',
      })
    )
  }
  return result
}

function sessionFilesAt(path: string): readonly string[] {
  try {
    if (!statSync(path).isDirectory()) return [path]
    return readdirSync(path, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.json') && !entry.name.startsWith('.'))
      .map(({ name }) => name)
      .sort()
      .map((name) => join(path, name))
  } catch (error) {
    throw fromSystemError(error, path)
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw fromSystemError(error, file)
  }
}

/** How often each round of a session is in the history. */
function roundsHere(engine: Engine, { sessionId, inferred }: OriginalSession): Map<string, number> {
  const { index, prices } = engine.store
  const here = new Map<string, number>()
  const found = findSession(index, sessionId)
  if (found?.row.inferred !== inferred) return here
  const sources = { index, prices, conversations: engine.conversations }
  for (const round of sessionRounds(sources, found.id, 1, 0, { withMessages: false })) {
    const likeness = likenessOf(round)
    here.set(likeness, (here.get(likeness) ?? 0) + 1)
  }
  return here
}

/** Yields the rounds of a session one at a time, so that the stream is never far ahead of the archive. */
async function* linesOf(rounds: readonly OriginalRound[]): AsyncGenerator<Buffer> {
  for (const { line } of rounds) {
    yield Buffer.from(`${line}\n`)
    await Promise.resolve()
  }
}
