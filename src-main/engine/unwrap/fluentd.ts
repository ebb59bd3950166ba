import { isDigit, isLetter, type HeadWrapper } from './wrapper'

/** Fluentd's out_file: `TIME<tab>TAG<tab>{record}`. Source: docs.fluentd.org, "Output: file", format out_file. */
const FLUENTD = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))\t([^\t]*)\t(?=\{)/

export const fluentd: HeadWrapper = {
  name: 'fluentd',
  certain: true,
  startsWith: isDigit,
  head: (start) => {
    const match = FLUENTD.exec(start)
    if (match === null) return null
    return { bytes: match[0].length, time: match[1] ?? null, source: match[2] ?? '', part: 'end' }
  },
}

/**
 * Fluent Bit's out_file in its default format: `TAG: [SECONDS, {record}]`, with metadata
 * `TAG: [[SECONDS, {metadata}], {record}]`. Source: docs.fluentbit.io, "File"; plugins/out_file/file.c.
 */
const FLUENT_BIT = /^([^\s:]+): \[(?:\[(\d+(?:\.\d+)?), \{[^{}]*\}\]|(\d+(?:\.\d+)?)), (?=\{)/

export const fluentBit: HeadWrapper = {
  name: 'fluent-bit',
  certain: true,
  startsWith: (byte) => isLetter(byte) || isDigit(byte),
  head: (start) => {
    const match = FLUENT_BIT.exec(start)
    if (match === null) return null
    const time = match[2] ?? match[3] ?? null
    return {
      bytes: match[0].length,
      tailBytes: 1,
      time: time === null ? null : Number(time),
      source: match[1] ?? '',
      part: 'end',
    }
  },
}
