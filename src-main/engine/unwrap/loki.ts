import { isDigit, type HeadWrapper } from './wrapper'

/** `logcli query`: `TIME {label="value", …} text`. Source: grafana.com, "LogCLI", output modes. */
const LOGCLI =
  /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)) (\{(?:\w+="(?:[^"\\]|\\.)*"(?:, ?)?)*\})\s+/

export const loki: HeadWrapper = {
  name: 'loki',
  certain: false,
  startsWith: isDigit,
  head: (start) => {
    const match = LOGCLI.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: match[1] ?? null, source: match[2] ?? '', part: 'end' }
  },
}
