export interface TextChunk {
  readonly text: string
  /** Lines it takes at a usual width, at a guess: its box has about the right height before it is laid out. */
  readonly lines: number
}

/** Characters of a chunk; a text of fewer is one. */
const CHUNK = 16_000
/** A text up to this length is cheap enough to be laid out whole. */
const WHOLE = 40_000
const LINE = 110

/** A very long text in pieces that end with a line where there is one, so that the browser may lay out only some. */
export function chunksOf(text: string): readonly TextChunk[] {
  if (text.length <= WHOLE) return [chunk(text)]
  const chunks: TextChunk[] = []
  let start = 0
  while (start < text.length) {
    let end = Math.min(text.length, start + CHUNK)
    if (end < text.length) {
      const line = text.lastIndexOf('\n', end)
      if (line > start) end = line + 1
      else if (isHighSurrogate(text.charCodeAt(end - 1))) end--
    }
    chunks.push(chunk(text.slice(start, end)))
    start = end
  }
  return chunks
}

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff

function chunk(text: string): TextChunk {
  let lines = 0
  for (const line of text.split('\n')) lines += Math.max(1, Math.ceil(line.length / LINE))
  // The break that ends the piece starts no line of its own: the next piece is a block.
  return { text: text.endsWith('\n') ? text.slice(0, -1) : text, lines: text.endsWith('\n') ? lines - 1 : lines }
}
