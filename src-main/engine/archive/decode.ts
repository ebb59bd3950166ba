import { isArray, parseJson, type Json } from '../base/json'
import { readStoredLine, type StoredLine } from '../parse/line'
import { readMessages } from '../parse/request'
import type { RequestFrame, RequestRecord } from './records'

const EMPTY_LIST = Buffer.from('[]')

/** Parses a stored request. Throws when its bytes are not a request, which was checked before they were stored. */
export function decodeRequest(frame: RequestFrame): RequestRecord {
  const { stored, messagesStart, freshBytes } = frame
  if (messagesStart < 0) return decodeWhole(frame)
  const end = messagesStart + freshBytes
  const withoutMessages = Buffer.concat([stored.subarray(0, messagesStart), EMPTY_LIST, stored.subarray(end)])
  const { outer, ai, mended } = parsed(withoutMessages)
  const { messages: _, ...rest } = ai
  return {
    ...origin(frame),
    outer,
    ai: rest,
    mended,
    messages: freshMessages(stored.toString('utf8', messagesStart, end), frame),
  }
}

/** A line in whose bytes the messages could not be delimited. */
function decodeWhole(frame: RequestFrame): RequestRecord {
  const { outer, ai, mended } = parsed(frame.stored)
  const logged = readMessages(ai)
  if (logged.kind !== 'messages') return { ...origin(frame), outer, ai, mended, messages: null }
  const { messages: _, ...rest } = ai
  return { ...origin(frame), outer, ai: rest, mended, messages: logged.messages }
}

/** Parses the stored part of the array. After a kept prefix it starts with a comma, or ends the array. */
function freshMessages(raw: string, frame: RequestFrame): readonly Json[] {
  const list = frame.base === null ? raw : `[${raw.trimStart().replace(/^,/, '')}`
  const text = parseJson(`"${list}"`)
  const messages = typeof text === 'string' ? parseJson(text) : undefined
  if (!isArray(messages)) throw new RangeError('The stored messages are no list.')
  return messages
}

function parsed(line: Buffer): StoredLine {
  const read = readStoredLine(line)
  if (read === null) throw new RangeError('The stored line is not a request.')
  return read
}

function origin(frame: RequestFrame) {
  const { file, offset, length, hash, time, timeInferred, base, kept, inferred } = frame
  return { file, offset, length, hash, time, timeInferred, base, kept, inferred }
}
