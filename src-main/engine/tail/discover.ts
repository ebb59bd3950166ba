import { realpathSync, lstatSync, statSync, type BigIntStats } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EngineError, fromSystemError } from '../base/errors'
import { FolderLister, type Entry } from './folder-listing'
import { PackingMemory, type FoundFile } from './found-file'
import { compareAge, isOldFolder, parseLogName, parseRotationOf, type LogName } from './log-names'
import { Sniffer } from './sniff'
import { unreadablePacking } from './unpack/unpack'

/** A file that looks like a log by its name and is not read. */
interface PassedOver {
  readonly path: string
  readonly reason: 'no-ai-log'
}

/** What a scan of one source found; a file that could not be looked at is an error beside the others. */
export interface Found {
  readonly files: readonly FoundFile[]
  readonly errors: readonly { readonly path: string; readonly error: EngineError }[]
  readonly passedOver: readonly PassedOver[]
}

type FileError = Found['errors'][number]

/** A file of a folder, with its name taken apart. */
interface Candidate {
  readonly entry: Entry
  readonly log: LogName
}

/** Rotations of a log looked through before it is taken for another program's. */
const MAX_SNIFFED = 20
/** The name of a gateway's log in every official set-up: it is read whatever it holds. */
const GATEWAY_LOG = 'access.log'

/** A pod's folder in /var/log/pods: NAMESPACE_NAME_UID. Its folders are its containers'. */
const POD_FOLDER = /^[a-z0-9-]+_[a-z0-9.-]+_[0-9a-f-]{32,36}$/
/** A container's folder in /var/lib/docker/containers. */
const DOCKER_FOLDER = /^[0-9a-f]{64}$/

/** Finds the logs at the paths the user chose. Remembers what it saw, so that a scan costs little where nothing changed. */
export class Discovery {
  readonly #lister = new FolderLister()
  readonly #sniffer = new Sniffer()
  readonly #packings = new PackingMemory()
  /** Logs, as folder and own name, of which a file holds a gateway's lines: all of their files are read. */
  readonly #gatewayLogs = new Set<string>()

  /**
   * Looks for logs at a path the user chose: in a folder all of its gateway logs, with their rotations in folders for
   * old ones, and the containers' in a folder of pods or of Docker's; for a file, that file and its rotations, of a link also
   * those of what it leads to. Throws when the path itself can't be read.
   */
  scan(chosen: string): Found {
    const stat = statOf(chosen)
    const found = new Finds()
    this.#sniffer.start()
    if (stat.isDirectory()) {
      this.#scanFolder(chosen, found)
      this.#scanBelow(chosen, found)
    } else if (stat.isFile()) this.#scanFile(chosen, stat, found)
    else throw new EngineError('unreadable', 'This is neither a file nor a folder.', { where: chosen })
    const files = found.sorted()
    this.#packings.keep(files)
    return { files, errors: found.errors, passedOver: found.passedOver }
  }

  /** The file at `path` as it is now; null when there is none, or it can't be looked at. */
  look(path: string): FoundFile | null {
    try {
      const stat = statSync(path, { bigint: true })
      return stat.isFile() ? this.#packings.describe(path, stat) : null
    } catch {
      return null
    }
  }

  #scanFile(chosen: string, stat: BigIntStats, found: Finds): void {
    this.#scanRotations(chosen, stat, found)
    const target = targetOf(chosen)
    if (target !== chosen && dirname(target) !== dirname(chosen)) this.#scanRotations(target, stat, found)
  }

  /** A file, and its rotations in its folder and in folders for old ones there. */
  #scanRotations(path: string, stat: BigIntStats, found: Finds): void {
    const own = parseLogName(basename(path))
    const folder = dirname(path)
    const base = own === null ? basename(path) : own.rotation === '' ? own.base : null
    let entries: readonly Entry[]
    try {
      const listing = this.#lister.list(folder)
      entries = listing.entries
      found.errors.push(...listing.errors.filter((error) => basename(error.path) === basename(path)))
    } catch {
      // The folder may be closed to us although the file is not.
      this.#take(targetOf(path), stat, false, found)
      return
    }
    for (const entry of entries) {
      const { name } = entry
      if (entry.stat.isFile() && (name === basename(path) || (base !== null && this.#isRotationOf(base, entry))))
        this.#take(entry.path, entry.stat, entry.isLink, found)
      else if (base !== null && entry.stat.isDirectory() && isOldFolder(name))
        this.#scanOld(join(folder, name), (log) => log.base === base, found)
    }
  }

  #scanFolder(folder: string, found: Finds): void {
    const { entries, errors } = this.#lister.list(folder)
    found.errors.push(...errors)
    const logs = new Map<string, Candidate[]>()
    const others: Entry[] = []
    for (const entry of entries) {
      if (!entry.stat.isFile()) continue
      const log = parseLogName(entry.name)
      if (log === null) others.push(entry)
      else push(logs, log.base, { entry, log })
    }
    const bases = new Set<string>()
    for (const [base, candidates] of logs) if (this.#takeLog(folder, base, candidates, found)) bases.add(base)
    for (const entry of others) {
      for (const base of bases) {
        if (this.#isRotationOf(base, entry)) this.#take(entry.path, entry.stat, entry.isLink, found)
      }
    }
    for (const entry of entries) {
      if (entry.stat.isDirectory() && isOldFolder(entry.name))
        this.#scanOld(join(folder, entry.name), (log) => bases.has(log.base) || log.base === GATEWAY_LOG, found)
    }
  }

  /** Containers' folders below a chosen one: of pods, of a pod, of Docker's containers. */
  #scanBelow(folder: string, found: Finds): void {
    const isPod = POD_FOLDER.test(basename(folder))
    for (const entry of this.#lister.list(folder).entries) {
      if (!entry.stat.isDirectory() || entry.isLink) continue
      const path = join(folder, entry.name)
      try {
        if (isPod || DOCKER_FOLDER.test(entry.name)) this.#scanFolder(path, found)
        else if (POD_FOLDER.test(entry.name)) this.#scanBelow(path, found)
      } catch (error) {
        found.errors.push({ path, error: fromSystemError(error, path) })
      }
    }
  }

  #scanOld(folder: string, isWanted: (log: LogName) => boolean, found: Finds): void {
    try {
      for (const { name, path, isLink, stat } of this.#lister.list(folder).entries) {
        const log = parseLogName(name)
        if (stat.isFile() && log !== null && isWanted(log)) this.#take(path, stat, isLink, found)
      }
    } catch (error) {
      found.errors.push({ path: folder, error: fromSystemError(error, folder) })
    }
  }

  /** Takes all files of a log, when it is a gateway's. Says whether it is. */
  #takeLog(folder: string, base: string, candidates: readonly Candidate[], found: Finds): boolean {
    const newestFirst = [...candidates].sort((a, b) => compareAge(b.entry.path, a.entry.path))
    if (base !== GATEWAY_LOG && !this.#isGatewayLog(join(folder, base), newestFirst, found)) {
      for (const { entry } of candidates) found.passOver({ path: entry.path, reason: 'no-ai-log' })
      return false
    }
    for (const { entry } of candidates) {
      this.#take(entry.path, entry.stat, entry.isLink, found)
      // /var/log/containers: what a link leads to has its rotations beside it.
      if (entry.isLink && dirname(entry.path) !== folder) this.#scanRotations(entry.path, entry.stat, found)
    }
    return true
  }

  #isGatewayLog(log: string, newestFirst: readonly Candidate[], found: Finds): boolean {
    if (this.#gatewayLogs.has(log)) return true
    const results = newestFirst.slice(0, MAX_SNIFFED).map(({ entry }) => {
      try {
        return this.#sniffer.sniff(this.#packings.describe(entry.path, entry.stat))
      } catch (error) {
        const failure = fromSystemError(error, entry.path)
        if (failure.code !== 'not-found') found.errors.push({ path: entry.path, error: failure })
        return 'not-yet'
      }
    })
    // Where nothing can be looked at beforehand, reading shows what it is.
    const isOne = results.includes('gateway-log') || (results.length > 0 && results.every((it) => it === 'unknown'))
    if (isOne) this.#gatewayLogs.add(log)
    return isOne
  }

  /** A file of a name that no rule knows must also hold a gateway's lines: programs keep notes beside their logs. */
  #isRotationOf(base: string, entry: Entry): boolean {
    const log = parseLogName(entry.name)
    if (log !== null) return log.base === base
    if (parseRotationOf(base, entry.name) === null) return false
    try {
      return this.#sniffer.sniff(this.#packings.describe(entry.path, entry.stat)) === 'gateway-log'
    } catch {
      return false
    }
  }

  #take(path: string, stat: BigIntStats, isLink: boolean, found: Finds): void {
    try {
      const file = this.#packings.describe(path, stat)
      const { foreignPacking: foreign } = file
      if (foreign === null || foreign === undefined) found.add(file, isLink)
      else found.errors.push({ path, error: unreadablePacking(foreign, path) })
    } catch (error) {
      const failure = fromSystemError(error, path)
      if (failure.code !== 'not-found') found.errors.push({ path, error: failure })
    }
  }
}

/** Files told in a passed-over list: enough to see what is there. */
const MAX_PASSED_OVER = 100

/** What a scan has found so far, each file once. */
class Finds {
  readonly errors: FileError[] = []
  readonly passedOver: PassedOver[] = []
  readonly #files = new Map<string, FoundFile>()

  /** A link and what it leads to are one file, which keeps its real name. */
  add(file: FoundFile, isLink: boolean): void {
    const identity = `${file.dev}:${file.ino}`
    if (!this.#files.has(identity) || !isLink) this.#files.set(identity, file)
  }

  passOver(file: PassedOver): void {
    if (this.passedOver.length < MAX_PASSED_OVER) this.passedOver.push(file)
  }

  sorted(): readonly FoundFile[] {
    return [...this.#files.values()].sort((a, b) => compareAge(a.path, b.path))
  }
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}

function statOf(path: string): BigIntStats {
  try {
    return statSync(path, { bigint: true })
  } catch (error) {
    throw fromSystemError(error, path)
  }
}

/** Where a link leads in the end; the path itself when it is none. */
function targetOf(path: string): string {
  return lstatSync(path).isSymbolicLink() ? realpathSync(path) : path
}
