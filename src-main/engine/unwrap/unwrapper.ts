import type { WrapperName } from '../../contract/index'
import type { Json } from '../base/json'
import { trimLine } from '../parse/line'
import { colours, withoutReset } from './colours'
import { isFraming, opensPretty, PrettyObject, withoutFraming } from './pretty'
import { inUsualForm, readRecordLine, startsGatewayLine } from './records'
import { HEAD_WRAPPERS } from './table'
import { withoutInnerTimes } from './timestamps'
import {
  CLOSE_BRACE,
  ESCAPE,
  HEAD_BYTES,
  OPEN_BRACE,
  OPEN_BRACKET,
  type Head,
  type HeadWrapper,
  type Inner,
} from './wrapper'

interface LoggedPlace {
  /** Where it stands in the file, with all of its pieces and what lies between them. */
  readonly offset: number
  readonly length: number
  /** The outermost tool around it; null for a line that stands there as it was written. */
  readonly wrapper: WrapperName | null
  /** The tool's time, as it wrote it. */
  readonly time: Json
}

/** A line as its program wrote it, freed of what tools put around it. */
export type LoggedLine =
  /** Trimmed; valid during the call that hands it over. */
  | (LoggedPlace & { readonly kind: 'whole'; readonly bytes: Buffer })
  /** Its end never came: what follows is another line. */
  | (LoggedPlace & { readonly kind: 'cut'; readonly bytes: Buffer })
  /** The tool left its text out. */
  | (LoggedPlace & { readonly kind: 'left-out'; readonly bytes: null })

export type EmitLine = (line: LoggedLine) => void

/** Wrappers inside wrappers that are opened. */
const MAX_LEVELS = 5
/** Bytes of the unfinished line of one source. */
const MAX_PIECE_BYTES = 256 * 1024 * 1024
/** Bytes of the file after which the end of a line is no longer waited for, where it begins in this file or in the one before. */
const MAX_WAIT_BYTES = 512 * 1024 * 1024
const MAX_TAKEN_OVER_BYTES = 8 * 1024 * 1024

/** Where a physical line stands. */
interface Place {
  readonly offset: number
  readonly length: number
  /** It began in the file before this one. */
  readonly isTakenOver?: boolean
}

/** What is known of a line on the way to its inside. */
interface Layer {
  readonly wrapper: WrapperName | null
  readonly time: Json
  /** Sources of the wrappers so far: pieces of one line come from one source. */
  readonly source: string
  readonly place: Place
}

interface Pieces {
  readonly parts: Buffer[]
  bytes: number
  readonly layer: Layer
}

interface Spread {
  readonly object: PrettyObject
  readonly layer: Layer
}

/**
 * Frees the lines of one file of what container runtimes, log viewers and collectors put around them, line by line and
 * by content, and joins the pieces of lines that were cut. Bytes in, lines out; knows no file.
 */
export class Unwrapper {
  readonly #pieces = new Map<string, Pieces>()
  readonly #spread = new Map<string, Spread>()

  /** Where the first line starts whose end has not come; null when all lines are whole. */
  get unfinishedFrom(): number | null {
    let from: number | null = null
    for (const { layer } of this.#waiting()) from = Math.min(from ?? Infinity, layer.place.offset)
    return from
  }

  /** How many lines' ends have not come. */
  get unfinished(): number {
    return this.#pieces.size + this.#spread.size
  }

  /** Whether lines that began in the file before this one have not ended. */
  get hasTakenOver(): boolean {
    return this.#waiting().some(({ layer }) => layer.place.isTakenOver === true)
  }

  /** Whether an object is spread over lines of which the last is to come. */
  get isSpread(): boolean {
    return this.#spread.size > 0
  }

  /** Takes a line of the file (without its line break), and hands over each line of the program that it completes. */
  push(line: Buffer, offset: number, length: number, emit: EmitLine): void {
    if (this.#pieces.size + this.#spread.size > 0) this.#giveUpOld(offset, emit)
    const trimmed = trimLine(line)
    if (this.#spread.size === 0 && startsGatewayLine(trimmed) && trimmed[trimmed.length - 1] === CLOSE_BRACE) {
      const usual = inUsualForm(trimmed)
      emit({ kind: 'whole', bytes: usual ?? trimmed, offset, length, wrapper: null, time: null })
      return
    }
    this.#open(trimmed, { wrapper: null, time: null, source: '', place: { offset, length } }, MAX_LEVELS, emit)
  }

  /** Takes over the lines whose ends are to come in the next file of the same log. */
  takeOver(before: Unwrapper): void {
    // Their places are in the other file: this one has them from its start.
    const atStart = (layer: Layer): Layer => ({ ...layer, place: { offset: 0, length: 0, isTakenOver: true } })
    for (const [source, { parts, bytes, layer }] of before.#pieces)
      this.#pieces.set(source, { parts: [...parts], bytes, layer: atStart(layer) })
    for (const [source, { object, layer }] of before.#spread)
      this.#spread.set(source, { object, layer: atStart(layer) })
  }

  #waiting(): readonly (Pieces | Spread)[] {
    return [...this.#pieces.values(), ...this.#spread.values()]
  }

  /** A writer that was stopped in the middle of a line never ends it: it is not waited for without end. */
  #giveUpOld(offset: number, emit: EmitLine): void {
    const isOld = ({ place }: Layer): boolean =>
      offset - place.offset > (place.isTakenOver === true ? MAX_TAKEN_OVER_BYTES : MAX_WAIT_BYTES)
    for (const [source, { parts, layer }] of this.#pieces) {
      if (!isOld(layer)) continue
      this.#pieces.delete(source)
      this.#emitCut(Buffer.concat(parts), layer, emit)
    }
    for (const [source, { object, layer }] of this.#spread) {
      if (!isOld(layer)) continue
      this.#spread.delete(source)
      this.#emitCut(object.text, layer, emit)
    }
  }

  #open(text: Buffer, layer: Layer, levels: number, emit: EmitLine): void {
    const isInside = this.#spread.has(layer.source)
    const head = levels > 0 && !isInside ? findHead(text) : null
    if (head !== null) {
      const { wrapper, found } = head
      const end = text.length - (found.tailBytes ?? 0)
      const inside = withoutReset(text.subarray(found.bytes, end))
      const inner: Inner = {
        text: wrapper?.name === 'timestamps' ? withoutInnerTimes(inside) : inside,
        time: found.time,
        source: found.source,
        part: found.part,
        wrapper: wrapper?.name ?? 'prefix',
      }
      this.#piece(inner, layer, levels, emit, wrapper === null)
      return
    }
    const first = text[0]
    if (levels > 0 && !isInside && (first === OPEN_BRACE || first === OPEN_BRACKET)) {
      const inners = readRecordLine(withoutFraming(text))
      if (inners !== null && inners.length > 0) {
        for (const inner of inners) this.#piece(inner, layer, levels, emit, false)
        return
      }
    }
    this.#text(text, layer, levels, emit)
  }

  /** A text found inside a wrapper: a whole line, or a piece of one. `plain`: colours only, which are no wrapper. */
  #piece(inner: Inner, outer: Layer, levels: number, emit: EmitLine, plain: boolean): void {
    const layer: Layer = {
      wrapper: outer.wrapper ?? (plain ? null : inner.wrapper),
      time: inner.time ?? outer.time,
      source: inner.source === '' ? outer.source : `${outer.source}\n${inner.source}`,
      place: outer.place,
    }
    if (inner.text === null) {
      emit({ kind: 'left-out', bytes: null, ...layer.place, wrapper: layer.wrapper, time: layer.time })
      return
    }
    const waiting = this.#pieces.get(layer.source)
    if (waiting !== undefined && startsGatewayLine(inner.text)) {
      // The writer was stopped in the middle of a line: what comes now is another one.
      this.#pieces.delete(layer.source)
      this.#emitCut(Buffer.concat(waiting.parts), waiting.layer, emit)
      this.#piece(inner, outer, levels, emit, plain)
      return
    }
    if (inner.part === 'more') {
      this.#keep(waiting, inner.text, layer, emit)
      return
    }
    if (waiting === undefined) {
      this.#open(trimLine(inner.text), layer, levels - 1, emit)
      return
    }
    this.#pieces.delete(layer.source)
    const whole = trimLine(Buffer.concat([...waiting.parts, inner.text]))
    const place = spanning(waiting.layer.place, layer.place)
    this.#open(whole, { ...waiting.layer, place }, levels - 1, emit)
  }

  #keep(waiting: Pieces | undefined, text: Buffer, layer: Layer, emit: EmitLine): void {
    const pieces = waiting ?? { parts: [], bytes: 0, layer }
    pieces.parts.push(Buffer.from(text))
    pieces.bytes += text.length
    this.#pieces.set(layer.source, pieces)
    if (pieces.bytes <= MAX_PIECE_BYTES) return
    this.#pieces.delete(layer.source)
    this.#emitCut(
      Buffer.concat(pieces.parts),
      { ...pieces.layer, place: spanning(pieces.layer.place, layer.place) },
      emit,
    )
  }

  /** A line of the program, which may be one of many that an object was spread over. */
  #text(text: Buffer, layer: Layer, levels: number, emit: EmitLine): void {
    const spread = this.#spread.get(layer.source)
    if (spread !== undefined) {
      const outcome = spread.object.add(text)
      if (outcome === 'joined') return
      this.#spread.delete(layer.source)
      const place = spanning(spread.layer.place, layer.place)
      if (outcome === 'whole') {
        this.#open(
          spread.object.text,
          { ...spread.layer, wrapper: spread.layer.wrapper ?? 'pretty', place },
          levels,
          emit,
        )
        return
      }
      this.#emitCut(spread.object.text, spread.layer, emit)
      this.#open(text, layer, levels, emit)
      return
    }
    const bare = isFraming(text) ? text.subarray(0, 0) : withoutFraming(text)
    if (opensPretty(bare)) {
      this.#spread.set(layer.source, { object: new PrettyObject(bare), layer })
      return
    }
    const { wrapper, time, place } = layer
    const usual = bare[0] === OPEN_BRACE ? inUsualForm(bare) : null
    emit({ kind: 'whole', bytes: usual ?? bare, ...place, wrapper, time })
  }

  #emitCut(bytes: Buffer, { place, wrapper, time }: Layer, emit: EmitLine): void {
    emit({ kind: 'cut', bytes: trimLine(bytes), ...place, wrapper, time })
  }
}

/** What stands before the text; `wrapper` null for colours. */
function findHead(text: Buffer): { readonly wrapper: HeadWrapper | null; readonly found: Head } | null {
  const first = text[0]
  if (first === undefined || first === OPEN_BRACE) return null
  const start = text.toString('latin1', 0, HEAD_BYTES)
  if (first === ESCAPE) {
    const found = colours(start)
    return found === null ? null : { wrapper: null, found }
  }
  for (const wrapper of HEAD_WRAPPERS) {
    const fits = fitting(wrapper, first, start, text)
    if (fits !== null) return fits
  }
  return null
}

function fitting(wrapper: HeadWrapper, first: number, start: string, text: Buffer) {
  if (!wrapper.startsWith(first)) return null
  const found = wrapper.head(start, text.length)
  if (found === null || (!wrapper.certain && !canFollow(text.subarray(found.bytes)))) return null
  return { wrapper, found }
}

/** Whether a text can be what a tool wrapped: an object, or another tool's form around one. */
function canFollow(text: Buffer): boolean {
  const first = text[0]
  if (first === undefined) return false
  if (first === OPEN_BRACE || first === ESCAPE) return true
  const start = text.toString('latin1', 0, HEAD_BYTES)
  return HEAD_WRAPPERS.some((wrapper) => fitting(wrapper, first, start, text) !== null)
}

function spanning(from: Place, to: Place): Place {
  return { offset: from.offset, length: to.offset + to.length - from.offset }
}
