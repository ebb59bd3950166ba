import { accessSync, constants, existsSync, openSync, closeSync, readSync, statfsSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { Command } from 'commander'
import { EngineError } from '../../engine/base/errors'
import { readSnapshot } from '../../engine/index/database/snapshot'
import { overview } from '../../engine/index/queries/overview'
import { followedSources, storedSourcesStatus } from '../../engine/tail/sources-status'
import { openStore } from '../../engine/store/open-store'
import type { Store } from '../../engine/store/store'
import { lockHolder } from '../../engine/disk/store-lock'
import { Discovery } from '../../engine/tail/discover'
import { engineOptions, type CommonOptions } from '../context/open-store'
import { collect, dataDirOption, examples, jsonOption } from '../context/options'
import { printJson, printLine } from '../terminal/output'
import { lineFindings } from './doctor-lines'
import type { Finding } from './finding'
import { DEFAULT_LOG_PATH, rememberedPaths } from '../context/watched-paths'

interface DoctorOptions extends CommonOptions {
  readonly logPath?: readonly string[]
}

/** Below this, reading stops soon. */
const LOW_SPACE_BYTES = 500 * 1024 * 1024
const HEAD_BYTES = 1024 * 1024

export function doctorCommand(): Command {
  return new Command('doctor')
    .description('say in plain words what is wrong with this set-up')
    .option('--log-path <path>', 'look at this log file or folder too; may be repeated', collect)
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('doctor', 'doctor --log-path /var/log/higress'))
    .action(doctor)
}

async function doctor(options: DoctorOptions): Promise<void> {
  const findings: Finding[] = [...folderFindings(resolve(options.dataDir))]
  let paths = (options.logPath ?? []).map((path) => resolve(path))
  try {
    const store = await openStore({ ...engineOptions(options), mode: 'read' })
    try {
      findings.push(...storeFindings(store))
      if (options.logPath === undefined) {
        paths = [...rememberedPaths(resolve(options.dataDir), followedSources(store.index.files()))]
      }
    } finally {
      store.close()
    }
  } catch (error) {
    findings.push(failure('history', error))
  }
  if (paths.length === 0) paths = [DEFAULT_LOG_PATH]
  for (const path of paths) findings.push(...logFindings(path))
  if (findings.some((finding) => finding.state === 'problem')) process.exitCode = 1
  if (options.json === true) {
    printJson(findings)
    return
  }
  const marks = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM' }
  for (const { check, state, message, hint } of findings) {
    printLine(` ${check}: ${message}`, marks[state])
    if (hint !== undefined) printLine(`        ${hint}`)
  }
}

function* folderFindings(folder: string): Generator<Finding> {
  const check = 'data folder'
  if (!existsSync(folder)) {
    yield { check, state: 'note', message: `${folder} does not exist yet; the first reading makes it.` }
    return
  }
  try {
    accessSync(folder, constants.R_OK | constants.W_OK)
    yield { check, state: 'ok', message: folder }
  } catch {
    yield {
      check,
      state: 'problem',
      message: `${folder} can't be read and written by this user.`,
      hint: 'Make it yours (chown), or use another with --data-dir.',
    }
  }
  const { bavail, bsize } = statfsSync(folder)
  const free = bavail * bsize
  const gigabytes = (free / 1024 ** 3).toFixed(1)
  yield free < LOW_SPACE_BYTES
    ? {
        check: 'disk',
        state: 'problem',
        message: `Only ${gigabytes} GB are free.`,
        hint: 'Reading stops when the disk is full; nothing is lost while the logs are there.',
      }
    : { check: 'disk', state: 'ok', message: `${gigabytes} GB free` }
  const holder = lockHolder(folder)
  if (holder !== null) {
    yield {
      check: 'writer',
      state: 'ok',
      message: `Process ${String(holder.pid)} on ${holder.host} writes to it; reading commands work meanwhile.`,
    }
  }
  if (readSnapshot(`${folder}/index.snapshot`) === undefined) {
    yield {
      check: 'saved index',
      state: 'note',
      message: 'It is damaged; it is made anew from the archive at the next start of a writer.',
    }
  }
}

function* storeFindings(store: Store): Generator<Finding> {
  for (const { level, message, where, hint } of store.notices) {
    yield {
      check: 'history',
      state: level === 'error' ? 'problem' : 'note',
      message: where === undefined ? message : `${message} (${where})`,
      ...(hint === undefined ? {} : { hint }),
    }
  }
  const { totals, byModel } = overview(store.index, { recentLimit: 0 })
  const status = storedSourcesStatus(store.index.files())
  const { ledger, marks } = status
  const share = (count: number): string => `${String(count)} of ${String(totals.rounds)} rounds`
  yield {
    check: 'history',
    state: 'ok',
    message: `${String(totals.sessions)} sessions, ${String(totals.rounds)} rounds from ${String(ledger.lines)} lines`,
  }
  if (ledger.lines > 0 && ledger.counted + ledger.duplicate === 0 && marks.unlogged === 0) {
    yield {
      check: 'requests',
      state: 'problem',
      message: 'No line that was read holds an LLM request.',
      hint: 'In the gateway, switch the plugin ai-statistics on and have the access log write ai_log.',
    }
  }
  if (marks.withoutSession > 0) {
    yield {
      check: 'session ids',
      state: 'note',
      message: `${share(marks.withoutSession)} have no session id; which session they belong to is inferred.`,
      hint: 'Have the agent send a session header, and ai-statistics log it as session_id.',
    }
  }
  if (marks.withoutUsage > 0) {
    yield {
      check: 'usage',
      state: 'note',
      message: `${share(marks.withoutUsage)} logged no tokens; their cost is not known.`,
      hint: 'Streaming clients must ask for usage (stream_options.include_usage).',
    }
  }
  if (marks.truncated > 0) {
    yield {
      check: 'cut texts',
      state: 'note',
      message: `In ${share(marks.truncated)} the gateway cut long values.`,
      hint: 'Raise value_length_limit of ai-statistics to keep conversations whole.',
    }
  }
  yield* lineFindings(status, totals.rounds)
  const unpriced = byModel.filter((usage) => usage.unpricedRounds > usage.roundsWithoutUsage)
  if (unpriced.length > 0) {
    yield {
      check: 'prices',
      state: 'note',
      message: `No price is known for ${unpriced.map((usage) => usage.model ?? 'requests without a model').join(', ')}.`,
      hint: 'Their cost is shown as unknown and left out of sums.',
    }
  }
}

function* logFindings(path: string): Generator<Finding> {
  const check = `log ${path}`
  try {
    const { files, errors, passedOver } = new Discovery().scan(path)
    if (passedOver.length > 0) {
      const names = passedOver.slice(0, 5).map((file) => basename(file.path))
      const more = passedOver.length > names.length ? ' and others' : ''
      yield { check, state: 'note', message: `Passed over, without "ai_log" in them: ${names.join(', ')}${more}.` }
    }
    for (const { path: file, error } of errors) yield failure(`log ${file}`, error)
    const newest = files.at(-1)
    if (newest === undefined) {
      yield {
        check,
        state: 'problem',
        message: 'No gateway log was found here.',
        hint: 'Name access.log itself or its folder; other logs need the ending .log and lines with "ai_log".',
      }
      return
    }
    accessSync(newest.path, constants.R_OK)
    const holds = newest.compressed || newest.sizeBytes === 0 || files.length > 1 || holdsField(headOf(newest.path))
    const bytes = files.reduce((sum, file) => sum + file.sizeBytes, 0)
    yield holds
      ? { check, state: 'ok', message: `${String(files.length)} files, ${(bytes / 1024 ** 2).toFixed(1)} MB` }
      : {
          check,
          state: 'problem',
          message: 'Its first lines have no field ai_log.',
          hint: 'In the gateway, add ai_log to the access log format (Higress has it by default) and switch ai-statistics on.',
        }
  } catch (error) {
    yield failure(check, error)
  }
}

/** PowerShell writes UTF-16. */
function holdsField(head: Buffer): boolean {
  return head.includes('ai_log') || head.includes('ai_log', 0, 'utf16le')
}

function headOf(path: string): Buffer {
  const fd = openSync(path, 'r')
  try {
    const head = Buffer.alloc(HEAD_BYTES)
    return head.subarray(0, readSync(fd, head, 0, head.length, 0))
  } finally {
    closeSync(fd)
  }
}

function failure(check: string, error: unknown): Finding {
  if (!(error instanceof EngineError)) {
    return { check, state: 'problem', message: error instanceof Error ? error.message : String(error) }
  }
  const message = error.where === undefined ? error.message : `${error.message} (${error.where})`
  return { check, state: 'problem', message, ...(error.hint === undefined ? {} : { hint: error.hint }) }
}
