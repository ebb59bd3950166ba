import { AT, isDigit, type HeadWrapper } from './wrapper'

/** daemontools and s6 label with TAI64: seconds since 1970 plus 2^62 plus 10, whatever leap seconds there were since. */
const TAI_ORIGIN = 2n ** 62n + 10n
const TAI64N = /^@([0-9a-f]{24}) /

/** multilog's and s6-log's `t`, svlogd's `-t`: `@` and 24 hex digits. Source: cr.yp.to, "TAI64N labels". */
export const tai64n: HeadWrapper = {
  name: 'tai64n',
  certain: true,
  startsWith: (byte) => byte === AT,
  head: (start) => {
    const match = TAI64N.exec(start)
    if (match?.[1] === undefined) return null
    return { bytes: match[0].length, time: taiTime(match[1]), source: '', part: 'end' }
  },
}

/** A TAI64N label (24 hex digits) as ms since the epoch. */
export function taiTime(label: string): number {
  const seconds = BigInt(`0x${label.slice(0, 16)}`) - TAI_ORIGIN
  return Number(seconds) * 1000 + parseInt(label.slice(16), 16) / 1e6
}

const SVLOGD = /^(\d{4}-\d\d-\d\d)[_T](\d\d:\d\d:\d\d\.\d{5}) /
const S6_ISO = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{9} {2}/

/**
 * svlogd's `-tt` and `-ttt` write the time in UTC; s6-log's `T` writes the host's local time without its zone, which is
 * not used. Sources: runit, svlogd(8); skarnet.org, s6-log.
 */
export const svlogd: HeadWrapper = {
  name: 'svlogd',
  certain: false,
  startsWith: isDigit,
  head: (start) => {
    const match = SVLOGD.exec(start)
    if (match !== null) {
      const [all, day = '', time = ''] = match
      return { bytes: all.length, time: `${day}T${time}Z`, source: '', part: 'end' }
    }
    const iso = S6_ISO.exec(start)
    return iso === null ? null : { bytes: iso[0].length, time: null, source: '', part: 'end' }
  },
}
