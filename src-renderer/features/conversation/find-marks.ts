import { fold } from '@shared/fold'

const NAME = 'found'
/** More marks than this are not looked at, and each costs. */
const MOST = 2000

/** What stands in the log; the rest are this program's own words, which the search does not look through. */
const isLogged = ({ parentElement: element }: Node): boolean =>
  element !== null && element.closest('.untrusted') !== null && element.closest('.margin, .who :not(.name)') === null

/** Places of `text` in what `root` shows of the log, in order. Case does not matter. */
export function rangesOf(root: Node, text: string): Range[] {
  const wanted = fold(text)
  if (wanted === '') return []
  const ranges: Range[] = []
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node !== null && ranges.length < MOST; node = walker.nextNode()) {
    const shown = node.nodeValue ?? ''
    const lower = fold(shown)
    let at = lower.indexOf(wanted)
    if (at >= 0 && !isLogged(node)) continue
    for (; at >= 0 && ranges.length < MOST; at = lower.indexOf(wanted, at + wanted.length)) {
      const range = document.createRange()
      range.setStart(node, at)
      range.setEnd(node, at + wanted.length)
      ranges.push(range)
    }
  }
  return ranges
}

/** Of these places the one whose surroundings agree most with a snippet that has such a text at `at`; the first of equals. */
export function nearestRange(
  ranges: readonly Range[],
  { snippet, at }: { readonly snippet: string; readonly at: number },
): Range | undefined {
  let best: Range | undefined
  let most = -1
  for (const range of ranges) {
    const text = (range.startContainer.nodeValue ?? '').replace(/\s/g, ' ')
    let before = 0
    while (
      before < at &&
      before < range.startOffset &&
      text[range.startOffset - 1 - before] === snippet[at - 1 - before]
    )
      before++
    let after = 0
    while (at + after < snippet.length && text[range.startOffset + after] === snippet[at + after]) after++
    if (before + after <= most) continue
    most = before + after
    best = range
  }
  return best
}

/** Colours these places without touching the document. */
export function markFound(ranges: readonly Range[]): void {
  if (!('highlights' in CSS)) return
  if (ranges.length === 0) CSS.highlights.delete(NAME)
  else CSS.highlights.set(NAME, new Highlight(...ranges))
}
