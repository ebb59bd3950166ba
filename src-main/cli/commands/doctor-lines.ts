import type { LogFileStatus, SourcesStatus, WrapperName } from '../../contract/index'
import type { Finding } from './finding'

/** What the tools are called that may stand around a log's lines (docs/formats/wrappers.md). */
const WRAPPER_NAMES: Readonly<Record<WrapperName, string>> = {
  cri: "Kubernetes' container runtime (CRI)",
  docker: "Docker's json-file",
  kubectl: 'kubectl logs --prefix',
  timestamps: 'a time before each line',
  compose: 'docker compose logs',
  stern: 'stern',
  syslog: 'syslog or journalctl',
  journal: 'journalctl -o json',
  tai64n: 'TAI64N times (multilog, s6-log, svlogd)',
  svlogd: 'svlogd',
  fluentd: 'Fluentd',
  'fluent-bit': 'Fluent Bit',
  loki: 'logcli',
  collector: "a collector's JSON",
  pretty: 'JSON over many lines',
  prefix: 'a text before each line',
}

/** What is to be said of the lines that were read: what stood around them, and what became of those that are not rounds. */
export function* lineFindings({ ledger, marks, sources }: SourcesStatus, rounds: number): Generator<Finding> {
  const files = sources.flatMap((source) => source.files)
  const wrappers = wrapperNames(files)
  if (wrappers.length > 0) {
    yield { check: 'wrappers', state: 'ok', message: `Lines were unwrapped from ${wrappers.join(', ')}.` }
  }
  if (marks.unlogged > 0) {
    yield {
      check: 'AI data',
      state: 'note',
      message: `Of ${String(marks.unlogged)} calls to a model the gateway logged no AI data.`,
      hint: 'ai-statistics looks at paths that end with /completions and /messages unless enable_path_suffixes names others; a request rejected before it (401) leaves none.',
    }
  }
  if (marks.withoutText > 0) {
    yield {
      check: 'conversations',
      state: 'note',
      message: `${String(marks.withoutText)} of ${String(rounds)} rounds were logged without messages and question.`,
      hint: 'Set use_default_attributes: true in the configuration of ai-statistics to see conversations.',
    }
  }
  if (marks.mended > 0) {
    yield {
      check: 'mended lines',
      state: 'ok',
      message: `${String(marks.mended)} lines were broken by a client's header and mended${placesOf(files, 'mended')}.`,
    }
  }
  if (marks.unreadableTime > 0) {
    yield {
      check: 'times',
      state: 'note',
      message: `${String(marks.unreadableTime)} lines have a time that can't be read${placesOf(files, 'unreadable-time')}.`,
      hint: 'Have the gateway log %START_TIME% in its own form.',
    }
  }
  if (marks.cut > 0) {
    yield {
      check: 'cut lines',
      state: 'note',
      message: `${String(marks.cut)} gateway lines were cut off by the tool that logged them${placesOf(files, 'cut')}.`,
      hint: 'Raise its limit: rsyslog maxMessageSize, s6-log -l, svlogd -l.',
    }
  }
  if (marks.leftOut > 0) {
    yield {
      check: 'left-out lines',
      state: 'note',
      message: `journalctl left the text of ${String(marks.leftOut)} lines out.`,
      hint: 'Use journalctl --all -o json.',
    }
  }
  if (marks.broken > 0) {
    yield {
      check: 'broken lines',
      state: 'note',
      message: `${String(marks.broken)} gateway lines can't be read${placesOf(files, 'broken')}.`,
    }
  }
  const unfinished = files.reduce((sum, file) => sum + file.unfinished, 0)
  if (unfinished > 0) {
    yield {
      check: 'unfinished lines',
      state: 'note',
      message: `The ends of ${String(unfinished)} lines have not come yet.`,
    }
  }
  const others = ledger.malformed - marks.cut - marks.leftOut - marks.broken
  if (others > 0) {
    yield { check: 'other lines', state: 'ok', message: `${String(others)} lines are messages of other programs.` }
  }
}

function wrapperNames(files: readonly LogFileStatus[]): readonly string[] {
  const found = new Set(files.flatMap((file) => Object.keys(file.wrappers) as WrapperName[]))
  return [...found]
    .filter((name) => files.some((file) => (file.wrappers[name] ?? 0) > 0))
    .map((name) => WRAPPER_NAMES[name])
}

/** Where the first such line stands; empty where that is not known. */
function placesOf(files: readonly LogFileStatus[], kind: LogFileStatus['oddLines'][number]['kind']): string {
  for (const file of files) {
    const line = file.oddLines.find((odd) => odd.kind === kind)
    if (line !== undefined) return ` (the first at byte ${String(line.offset)} of ${file.path})`
  }
  return ''
}
