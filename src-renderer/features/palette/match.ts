/** How well a text answers what was typed, and which of its characters (UTF-16 units) do. */
export interface TextMatch {
  readonly score: number
  readonly marks: readonly number[]
}

/**
 * Matches every word of `typed` in `text`, whatever their case and order: as it stands, best at the start of a word, or
 * by the beginnings of words ("exse" finds "Export session"). Null when a word is not there. Pure.
 */
export function matchText(text: string, typed: string): TextMatch | null {
  const haystack = lower(text)
  const marks = new Set<number>()
  let score = 0
  for (const word of lower(typed).split(/\s+/).filter(Boolean)) {
    const found = matchWord(haystack, word)
    if (found === null) return null
    score += found.score
    for (const mark of found.marks) marks.add(mark)
  }
  // Of equal matches the shorter text is the nearer one.
  return { score: score - text.length / 1000, marks: [...marks].sort((a, b) => a - b) }
}

/** A few letters grow when lowered: then places would not agree, and case is left alone. */
function lower(text: string): string {
  const lowered = text.toLowerCase()
  return lowered.length === text.length ? lowered : text
}

const START = 4
const WORD = 3
const WITHIN = 2
const INITIALS = 1
/** Nobody types the beginnings of more words than this. */
const LONGEST = 20

function matchWord(text: string, word: string): TextMatch | null {
  let within = -1
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (startsWord(text, at)) return { score: at === 0 ? START : WORD, marks: range(at, word.length) }
    if (within < 0) within = at
  }
  if (within >= 0) return { score: WITHIN, marks: range(within, word.length) }
  const marks = word.length > LONGEST ? null : byBeginnings(text, word)
  return marks === null ? null : { score: INITIALS, marks }
}

/** Letters that follow each other, or begin a word. */
function byBeginnings(text: string, word: string): readonly number[] | null {
  /** Places from which the rest of the word is known not to be found: no text takes long. */
  const failed = new Set<number>()
  const from = (start: number, at: number): readonly number[] | null => {
    if (at === word.length) return []
    const state = start * word.length + at
    if (failed.has(state)) return null
    for (let place = start; place < text.length; place++) {
      if (text[place] !== word[at] || !(startsWord(text, place) || (at > 0 && place === start))) continue
      const rest = from(place + 1, at + 1)
      if (rest !== null) return [place, ...rest]
    }
    failed.add(state)
    return null
  }
  return from(0, 0)
}

const startsWord = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] ?? '')

const range = (from: number, length: number): readonly number[] => Array.from({ length }, (_, step) => from + step)

export interface Named {
  /** As shown. */
  readonly title: string
  /** Other names it goes by: in the other language, for instance. */
  readonly names: readonly string[]
}

export interface Matched<T> {
  readonly item: T
  readonly marks: readonly number[]
}

/** Those that answer what was typed, the best first; in their own order where they are as good. */
export function matchItems<T extends Named>(items: readonly T[], typed: string): readonly Matched<T>[] {
  const found: (Matched<T> & { readonly score: number })[] = []
  for (const item of items) {
    const shown = matchText(item.title, typed)
    const others = item.names.map((name) => matchText(name, typed)?.score ?? -Infinity)
    const score = Math.max(shown?.score ?? -Infinity, ...others)
    if (score > -Infinity) found.push({ item, marks: shown?.marks ?? [], score })
  }
  return found.sort((a, b) => b.score - a.score)
}
