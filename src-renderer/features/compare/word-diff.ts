import { diffArrays, diffLines } from 'diff'

/** A piece of a text, and whether the other text has it too. */
export interface Piece {
  readonly text: string
  readonly differs: boolean
}

/** Two texts in pieces; put together, each is the text it was, but for what `shortened` left out. */
export interface TextComparison {
  readonly a: readonly Piece[]
  readonly b: readonly Piece[]
}

/** Texts longer than this together are compared by lines; longer than that, not at all. */
const LONGEST_BY_WORDS = 40_000
const LONGEST_BY_LINES = 400_000
/** ms: a comparison is given up, not waited for. */
const TIMEOUT = 60
/** Unchanged text shown on both sides of a change. */
const AROUND = 240

/** Which words differ; which lines, where the texts are long. Null where they are too long or too unlike to be told. */
export function compareTexts(a: string, b: string): TextComparison | null {
  const length = a.length + b.length
  const parts =
    length <= LONGEST_BY_WORDS
      ? diffArrays(words(a), words(b), { timeout: TIMEOUT })?.map(({ value, added, removed }) => ({
          value: value.join(''),
          added,
          removed,
        }))
      : length <= LONGEST_BY_LINES
        ? diffLines(a, b, { timeout: TIMEOUT })
        : undefined
  if (parts === undefined) return null
  const left: Piece[] = []
  const right: Piece[] = []
  parts.forEach(({ value, added, removed }, index) => {
    // A space between two words that differ is no common ground.
    const between = !added && !removed && value.trim() === '' && index > 0 && index < parts.length - 1
    if (!added) push(left, { text: value, differs: removed || between })
    if (!removed) push(right, { text: value, differs: added || between })
  })
  return { a: left, b: right }
}

function push(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1)
  if (last?.differs === piece.differs) pieces[pieces.length - 1] = { ...last, text: last.text + piece.text }
  else pieces.push(piece)
}

/** Leaves out of long unchanged pieces what is not near a change. */
export function shortened(pieces: readonly Piece[]): readonly Piece[] {
  return pieces.map((piece, index) => {
    const head = index === 0 ? 0 : AROUND
    const tail = index === pieces.length - 1 ? 0 : AROUND
    const { text, differs } = piece
    if (differs || text.length <= head + tail + AROUND) return piece
    return { differs, text: `${text.slice(0, head)} ⋯ ${tail === 0 ? '' : text.slice(-tail)}` }
  })
}

let segmenter: Intl.Segmenter | undefined

/** Words as the reader's eye takes them, also where a language puts no spaces between them. */
function words(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'word' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}
