import { describe, expect, it } from 'vitest'
import { parseLine } from '../../../../src-main/engine/parse/line'
import { readInstant } from '../../../../src-main/engine/parse/time'
import { gatewayLine, hasCollectorFields } from '../../../../src-main/engine/unwrap/gateway-fields'
import type { JsonObject } from '../../../../src-main/engine/base/json'
import { request, sessions, unwrap } from './gateway-log'

/** In the gateway's own order, without white space, as it logs them. */
const LINE = gatewayLine(JSON.parse(request('s-1', 'a <b> & c')) as JsonObject).toString()
const FIELDS = JSON.parse(LINE) as JsonObject
const AT = Date.UTC(2026, 2, 4, 17, 20, 30)
const ISO = '2026-03-04T17:20:30Z'

describe('records of collectors and exports', () => {
  it.each<[string, JsonObject, number | null]>([
    ['Fluent Bit', { date: AT / 1000, log: `${LINE}\n`, stream: 'stdout', kubernetes: { pod_name: 'gw' } }, AT],
    ['Vector', { file: '/x', host: 'n', message: LINE, source_type: 'file', timestamp: ISO }, AT],
    ['Filebeat', { '@timestamp': ISO, agent: { type: 'filebeat' }, message: LINE }, AT],
    ['Logstash', { '@timestamp': ISO, message: LINE, event: { original: LINE } }, AT],
    ['an Elasticsearch hit', { _index: 'i', _source: { '@timestamp': ISO, message: LINE } }, AT],
    ['Alibaba SLS', { __time__: String(AT / 1000), __topic__: '', content: LINE }, AT],
    ['Loki jsonl', { labels: { app: 'gw' }, line: LINE, timestamp: ISO }, AT],
    ['Google text', { insertId: 'a', textPayload: LINE, timestamp: ISO }, AT],
    ['CloudWatch', { logStream: 's', '@message': LINE, timestamp: AT }, AT],
    ['FireLens', { container_id: 'c', source: 'stdout', log: LINE }, null],
    ['Splunk', { preview: false, result: { _raw: LINE, _time: ISO } }, AT],
    ['Azure', { TimeGenerated: ISO, LogMessage: LINE }, AT],
    ['a field nobody knows', { foo: { bar: LINE } }, null],
  ])('%s: the text is the line', (_, record, time) => {
    const [line, ...others] = unwrap([JSON.stringify(record)])
    expect(others).toEqual([])
    expect(line).toMatchObject({ text: LINE, wrapper: 'collector' })
    expect(readInstant(line?.time ?? undefined)).toBe(time)
  })

  it.each<[string, JsonObject]>([
    ['Google', { insertId: 'a', jsonPayload: FIELDS, timestamp: ISO }],
    ['with its fields in another order', { json: Object.fromEntries(Object.entries(FIELDS).reverse()) }],
    ['with ai_log taken apart', { json: { ...FIELDS, ai_log: JSON.parse(FIELDS.ai_log as string) as JsonObject } }],
    ['beside fields of the collector', { log: { ...FIELDS, stream: 'stdout', '@timestamp': ISO } }],
  ])('an object %s is the same line again', (_, record) => {
    const [line] = unwrap([JSON.stringify(record)])
    const { ai_log: log, ...outer } = FIELDS
    expect(parseLine(line?.text ?? '')).toMatchObject({ ai: JSON.parse(log as string) as JsonObject, outer })
    expect(line?.wrapper).toBe('collector')
    expect(gatewayLine(JSON.parse(line?.text ?? '{}') as JsonObject).toString()).toBe(line?.text)
  })

  it('escapes an ai_log that was taken apart as the plugin does', () => {
    const line = gatewayLine({ ai_log: { session_id: 's', model: '<m>&\u2028' }, path: '/' }).toString()
    expect(JSON.parse(line)).toMatchObject({ ai_log: '{"model":"\\u003cm\\u003e\\u0026\\u2028","session_id":"s"}' })
  })

  it.each<[string, JsonObject]>([
    ['a Loki answer', { data: { result: [{ stream: {}, values: [[String(AT * 1e6), LINE]] }] } }],
    ['CloudWatch events', { events: [{ timestamp: AT, message: LINE, ingestionTime: AT + 9 }] }],
    [
      'OpenTelemetry',
      {
        resourceLogs: [
          { scopeLogs: [{ logRecords: [{ timeUnixNano: String(AT * 1e6), body: { stringValue: LINE } }] }] },
        ],
      },
    ],
  ])('%s holds lines with their times', (_, record) => {
    const [line] = unwrap([JSON.stringify(record)])
    expect(line?.text).toBe(LINE)
    expect(readInstant(line?.time ?? undefined)).toBe(AT)
  })

  it('several lines of one record are all handed over', () => {
    const record = { events: ['a', 'b', 'c'].map((id) => ({ message: request(id) })) }
    expect(sessions(unwrap([JSON.stringify(record)]))).toEqual(['a', 'b', 'c'])
  })

  it('an array of entries on one line is its entries', () => {
    const entries = [{ message: request('a') }, { jsonPayload: JSON.parse(request('b')) as JsonObject }]
    expect(sessions(unwrap([JSON.stringify(entries)]))).toEqual(['a', 'b'])
    expect(sessions(unwrap([`[${request('c')},${request('d')}]`]))).toEqual(['c', 'd'])
  })

  it('a record of another program stays what it is', () => {
    const text = '{"level":"info","message":"listening"}'
    expect(unwrap([text])).toMatchObject([{ text, wrapper: null }])
  })

  it("a gateway's line whose fields come in another order is not opened", () => {
    const text = JSON.stringify(Object.fromEntries(Object.entries(FIELDS).reverse()))
    expect(unwrap([text])).toMatchObject([{ text, wrapper: null }])
  })
})

describe('the journal as JSON', () => {
  const entry = (message: unknown) => JSON.stringify({ __REALTIME_TIMESTAMP: String(AT * 1000), MESSAGE: message })

  it('keeps a message as text, or as bytes where it is not clean UTF-8', () => {
    const bytes = [...Buffer.from(LINE)]
    expect(unwrap([entry(LINE), entry(bytes)])).toMatchObject([{ text: LINE }, { text: LINE }])
    expect(readInstant(unwrap([entry(LINE)])[0]?.time ?? undefined)).toBe(AT)
  })

  it('says where journalctl left a message out', () => {
    expect(unwrap([entry(null)])).toMatchObject([{ text: null, wrapper: 'journal' }])
  })
})

describe('fields beside the fields of a line', () => {
  it.each<[string, JsonObject, boolean]>([
    ['of Fluent Bit', { ...FIELDS, kubernetes: {}, stream: 'stdout' }, true],
    ['of SLS', { ...FIELDS, '__tag__:__hostname__': 'n' }, true],
    ["of the gateway's operator", { ...FIELDS, x_tenant: 'a' }, false],
    ['that are the time of a gateway without start_time', { ai_log: '-', timestamp: ISO }, false],
  ])('%s are known', (_, line, expected) => {
    expect(hasCollectorFields(line)).toBe(expected)
  })

  it('leave the line the same request', () => {
    const merged = { '@timestamp': ISO, ...FIELDS, kubernetes: { pod: 'x' }, stream: 'stdout' }
    expect(gatewayLine(merged).toString()).toBe(LINE)
  })
})
