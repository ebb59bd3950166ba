import { describe, expect, it } from 'vitest'
import { readInstant } from '../../../../src-main/engine/parse/time'
import { taiTime } from '../../../../src-main/engine/unwrap/tai64n'
import { request, sessions, unwrap } from './gateway-log'

const LINE = request('s-1')
const AT = Date.UTC(2026, 2, 4, 17, 20, 30, 250)

describe('what tools write before a line', () => {
  it.each([
    ['cri', 'CRI of containerd', `2026-03-04T17:20:30.250000001Z stdout F ${LINE}`, AT],
    ['cri', 'CRI of conmon with a zone', `2026-03-04T18:20:30.250000000+01:00 stderr F ${LINE}`, AT],
    ['cri', 'CRI with another tag', `2026-03-04T17:20:30.25Z stdout F:x ${LINE}`, AT],
    ['timestamps', 'kubectl --timestamps', `2026-03-04T17:20:30.250999999Z ${LINE}`, AT],
    ['kubectl', 'kubectl --prefix', `[pod/gateway-5f6b/higress-gateway] ${LINE}`, null],
    ['kubectl', 'both', `[pod/gateway-5f6b/higress-gateway] 2026-03-04T17:20:30.250Z ${LINE}`, AT],
    ['compose', 'docker compose', `gateway-1       | ${LINE}`, null],
    ['compose', 'docker compose with times', `my.gateway_2 | 2026-03-04T17:20:30.25Z ${LINE}`, AT],
    ['compose', 'docker compose in colours', `\u001b[36mgateway-1  | \u001b[0m${LINE}`, null],
    ['compose', 'old compose in colours', `\u001b[36;1mgateway_1 |\u001b[0m ${LINE}`, null],
    ['stern', 'stern', `gateway-5f6b higress-gateway ${LINE}`, null],
    ['stern', 'stern of all namespaces', `higress-system gateway-5f6b higress-gateway ${LINE}`, null],
    ['stern', 'stern with times', `gateway-5f6b higress-gateway 2026-03-04T17:20:30.25Z ${LINE}`, AT],
    ['stern', 'stern in colours', `\u001b[32mgateway-5f6b\u001b[0m \u001b[32mgateway\u001b[0m ${LINE}`, null],
    ['syslog', 'traditional syslog', `Mar  4 17:20:30 edge-7 gateway[812]: ${LINE}`, null],
    ['syslog', 'syslog with a priority', `<134>Mar 14 17:20:30 edge-7 gateway: ${LINE}`, null],
    ['syslog', "rsyslog's file format", `2026-03-04T18:20:30.250000+01:00 edge-7 gateway: ${LINE}`, AT],
    ['syslog', 'journalctl short-iso', `2026-03-04T17:20:30+0000 edge-7 docker[7]: ${LINE}`, AT - 250],
    ['syslog', 'journalctl short-iso-precise', `2026-03-04T17:20:30.250000+0000 edge-7 docker[7]: ${LINE}`, AT],
    ['syslog', 'journalctl short-full', `Wed 2026-03-04 17:20:30 UTC edge-7 docker[7]: ${LINE}`, AT - 250],
    ['syslog', 'journalctl short-unix', `${String(AT / 1000)} edge-7 docker[7]: ${LINE}`, AT],
    ['syslog', 'journalctl short-monotonic', `[ 5123.250001] edge-7 docker[7]: ${LINE}`, null],
    ['syslog', 'RFC 5424', `<134>1 2026-03-04T17:20:30.250Z edge-7 gateway 812 - [a@1 b="c\\]"] ${LINE}`, AT],
    ['tai64n', 'multilog t', `@${label(AT)} ${LINE}`, AT],
    ['svlogd', 'svlogd -tt', `2026-03-04_17:20:30.25000 ${LINE}`, AT],
    ['svlogd', 'svlogd -ttt', `2026-03-04T17:20:30.25000 ${LINE}`, AT],
    ['svlogd', 's6-log T', `2026-03-04 17:20:30.250000000  ${LINE}`, null],
    ['loki', 'logcli', `2026-03-04T17:20:30.25Z {app="gw", pod="a\\"b"} ${LINE}`, AT],
    ['fluentd', 'fluentd', `2026-03-04T17:20:30.25+00:00\tkube.gw\t${JSON.stringify({ log: `${LINE}\n` })}`, AT],
    ['fluent-bit', 'fluent-bit', `kube.gw: [${String(AT / 1000)}, ${JSON.stringify({ log: LINE })}]`, AT],
    ['fluent-bit', 'its newer form', `kube.gw: [[${String(AT / 1000)}, {}], ${JSON.stringify({ log: LINE })}]`, AT],
    ['prefix', 'something unknown', `node7 >> gateway 17:20 ${LINE}`, null],
  ])('%s: of %s leaves the line as it was', (wrapper, _, text, time) => {
    const [line, ...others] = unwrap([text])
    expect(others).toEqual([])
    expect(line).toMatchObject({ text: LINE, wrapper, offset: 0, length: Buffer.from(text).length, kind: 'whole' })
    expect(readInstant(line?.time ?? undefined)).toBe(time)
  })

  it.each([
    ['Envoy', '[2026-03-04 17:20:30.250][12][warning][config] gRPC config stream closed'],
    ['Istio', '2026-03-04T17:20:30.250000Z\tinfo\tReadiness succeeded in 2.1s'],
    ['another program', 'Mar of all months: nothing here'],
    ['a table', 'name | value'],
  ])('a message of %s itself is left as it is', (_, text) => {
    expect(unwrap([text])).toMatchObject([{ text, wrapper: null }])
  })

  it('a message of another program inside a wrapper is freed of it', () => {
    expect(unwrap(['2026-03-04T17:20:30.25Z stderr F starting up'])).toMatchObject([
      { text: 'starting up', wrapper: 'cri' },
    ])
  })

  it('lines of several forms may stand in one file', () => {
    const forms = [
      request('a'),
      `2026-03-04T17:20:30Z stdout F ${request('b')}`,
      `gateway-1  | ${request('c')}`,
      `2026-03-04T17:20:30Z ${request('d')}`,
      JSON.stringify({ message: request('e') }),
      `[pod/x/y] ${request('f')}`,
    ]
    expect(sessions(unwrap(forms))).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  it('CRI that a collector took over as it stood is opened twice', () => {
    const collected = JSON.stringify({ log: `2026-03-04T17:20:30.25Z stdout F ${LINE}`, tag: 'kube' })
    expect(unwrap([collected])).toMatchObject([{ text: LINE, wrapper: 'collector' }])
  })
})

describe('a TAI64N label', () => {
  it("counts from 2^62, ten seconds before Unix time, by daemontools' fixed count", () => {
    expect(taiTime('400000000000000a00000000')).toBe(0)
    expect(new Date(taiTime('4000000069a8683d0ee6b280')).toISOString()).toBe('2026-03-04T17:13:23.250Z')
  })
})

function label(ms: number): string {
  const seconds = 2n ** 62n + 10n + BigInt(Math.floor(ms / 1000))
  return seconds.toString(16).padStart(16, '0') + ((ms % 1000) * 1e6).toString(16).padStart(8, '0')
}
