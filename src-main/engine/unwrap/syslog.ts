import { isDigit, isLetter, LESS_THAN, type Head, type HeadWrapper } from './wrapper'

const TAG = String.raw`[^\s:\[\]]+(?:\[\d+\])?: ?`

/**
 * Syslog and journald as text.
 * - RFC 3164, and rsyslog's traditional file format: `Feb  1 09:00:00 HOST TAG[PID]: text`. It names no year and no zone,
 *   so its time is not used.
 * - rsyslog's RSYSLOG_FileFormat and `journalctl -o short-iso`: `TIME HOST TAG[PID]: text`.
 * - `journalctl -o short-full` (`Sun 2026-02-01 09:00:00 UTC HOST …`) and `-o short-unix` (`1769936400.123456 HOST …`).
 * - RFC 5424: `<134>1 TIME HOST APP PID MSGID STRUCTURED text`.
 * Sources: RFC 3164 section 4.1, RFC 5424 section 6; rsyslog, "Templates"; systemd, journalctl(1).
 */
const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`^(?:<\d{1,3}>)?(?<noYear>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d)(?:\.\d+)? (?<host>\S+) ${TAG}`),
  new RegExp(
    String.raw`^(?:<\d{1,3}>)?(?<time>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)) (?<host>\S+) ${TAG}`,
  ),
  new RegExp(String.raw`^[A-Z][a-z]{2} (?<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? UTC) (?<host>\S+) ${TAG}`),
  new RegExp(String.raw`^[A-Z][a-z]{2} \d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.\d+)? [A-Z]{2,5} (?<host>\S+) ${TAG}`),
  new RegExp(String.raw`^(?<time>\d{9,10}\.\d{1,9}) (?<host>\S+) ${TAG}`),
  new RegExp(String.raw`^\[ *\d+\.\d+\] (?<host>\S+) ${TAG}`),
  /^<\d{1,3}>1 (?<time>\S+) (?<host>\S+) \S+ \S+ \S+ (?:-|(?:\[(?:[^\]\\]|\\.)*\])+) ?(?:\u00ef\u00bb\u00bf)?/,
]

export const syslog: HeadWrapper = {
  name: 'syslog',
  certain: false,
  startsWith: (byte) => isDigit(byte) || isLetter(byte) || byte === LESS_THAN || byte === 0x5b,
  head: (start) => {
    for (const form of FORMS) {
      const match = form.exec(start)
      if (match !== null) return headOf(match)
    }
    return null
  },
}

function headOf(match: RegExpExecArray): Head {
  const { time, host = '' } = match.groups ?? {}
  return { bytes: match[0].length, time: time?.replace(' UTC', 'Z') ?? null, source: host, part: 'end' }
}
