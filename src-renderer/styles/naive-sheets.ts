/**
 * Where Naive UI puts its styles. It makes style elements while it runs, which the policy on content (rightly) takes for
 * foreign ones. These never get into the document: each becomes a style sheet of the program's own, in a layer of its
 * own, so that every rule of ours goes before one of theirs.
 */
export function naiveStyles(): HTMLElement {
  const target = document.createElement('div')
  const sheets = new WeakMap<Node, CSSStyleSheet>()

  const read = (style: Node): CSSStyleSheet => {
    const sheet = sheets.get(style) ?? new CSSStyleSheet()
    sheets.set(style, sheet)
    sheet.replaceSync(`@layer naive {${style.textContent ?? ''}}`)
    return sheet
  }
  const adopt = <T extends Node>(style: T): T => {
    read(style)
    const theirs = [...target.childNodes].flatMap((node) => sheets.get(node) ?? [])
    const others = document.adoptedStyleSheets.filter((sheet) => !theirs.includes(sheet))
    document.adoptedStyleSheets = [...others, ...theirs]
    return style
  }
  // At once: what is measured right after it was made already has its style.
  target.appendChild = (node) => adopt(Node.prototype.appendChild.call(target, node) as typeof node)
  target.insertBefore = (node, before) => adopt(Node.prototype.insertBefore.call(target, node, before) as typeof node)
  // Another theme writes them anew.
  new MutationObserver((changes) => {
    for (const { target: style } of changes) if (sheets.has(style)) read(style)
  }).observe(target, { subtree: true, childList: true, characterData: true })

  // Popovers have one that can't be told where to go (vueuc/es/binder/src/Follower.js): an empty element of its name keeps
  // it away, and its rules are in naive.css.
  const empty = document.createElement('style')
  empty.setAttribute('cssr-id', 'vueuc/binder')
  document.head.append(empty)
  return target
}
