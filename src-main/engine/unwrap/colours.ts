import type { Head } from './wrapper'

const BEFORE = /^(?:\u001b\[[0-9;]*m)+/

/** Colour sequences (SGR) before a text, which compose and stern write to a terminal or a pipe that looks like one. */
export function colours(start: string): Head | null {
  const match = BEFORE.exec(start)
  return match === null ? null : { bytes: match[0].length, time: null, source: '', part: 'end' }
}

const RESET = Buffer.from('\u001b[0m')

/** The text without a colour's end behind it. */
export function withoutReset(text: Buffer): Buffer {
  const at = text.length - RESET.length
  return at >= 0 && text.subarray(at).equals(RESET) ? text.subarray(0, at) : text
}
