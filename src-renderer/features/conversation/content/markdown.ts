import MarkdownIt, { type Token } from 'markdown-it'
import { h, type VNode, type VNodeArrayChildren } from 'vue'
import CodeBlock from './CodeBlock.vue'

/*
 * Markdown out of a log becomes elements one by one from a fixed list, never HTML: what the text says of tags, of
 * attributes and of scripts stays text. Nothing in it is loaded.
 */

const parser = new MarkdownIt('default', { html: false, linkify: true, breaks: true, typographer: false })
// Agents name files all the time, and main.py or README.md is no address.
parser.linkify.set({ fuzzyLink: false, fuzzyEmail: false, fuzzyIP: false })

/** Nested deeper than this, text is shown as it is: nobody writes so, and each level costs the stack. */
const MOST_LEVELS = 60
/** More elements than this would keep the page busy for seconds. */
const MOST_TOKENS = 20_000

/** Elements a token may become. Anything else becomes its text. */
const ELEMENTS = new Set(
  'p h1 h2 h3 h4 h5 h6 ul ol li blockquote strong em s code table thead tbody tr th td hr br'.split(' '),
)

export interface MarkdownWords {
  /** Said in the place of the gateway's mark; null where the text has none. */
  readonly cut: { readonly label: string; readonly title: string } | null
  readonly remoteImage: string
}

/** Addresses that may be offered to the user; the main process asks before it opens one. */
function safeLink(address: string): string | null {
  return /^https?:/i.test(address) ? address : null
}

const SHOWN_IMAGE = /^data:image\/(?:png|jpeg|gif|webp|avif|bmp);base64,/i

/** Markdown as virtual nodes; null where it can't be read as such. */
export function renderMarkdown(text: string, words: MarkdownWords): VNode[] | null {
  let tokens: Token[]
  try {
    tokens = parser.parse(text, {})
  } catch {
    return null
  }
  let count = 0
  for (const { level, children } of tokens) {
    count += 1 + (children?.length ?? 0)
    if (level > MOST_LEVELS || count > MOST_TOKENS || children?.some((inner) => inner.level > MOST_LEVELS)) return null
  }
  markTasks(tokens)
  return nodes(tokens, words) as VNode[]
}

/** Turns a list item's leading `[ ]` or `[x]` into a box, as on GitHub; the parser knows no such items. */
function markTasks(tokens: readonly Token[]): void {
  tokens.forEach((item, at) => {
    const first = item.type === 'list_item_open' ? tokens[at + 2]?.children?.[0] : undefined
    const box = first?.type === 'text' ? /^\[([ xX])\] /.exec(first.content) : null
    if (first === undefined || box === null) return
    item.meta = { task: true }
    first.content = `${box[1] === ' ' ? '☐' : '☑'} ${first.content.slice(box[0].length)}`
  })
}

/** Tokens come as a flat list in which opening and closing ones enclose what is between them. */
function nodes(tokens: readonly Token[], words: MarkdownWords): VNodeArrayChildren {
  const root: VNodeArrayChildren = []
  const open: { readonly token: Token; readonly children: VNodeArrayChildren }[] = []
  const push = (node: VNodeArrayChildren[number]): void => {
    ;(open.at(-1)?.children ?? root).push(node)
  }
  for (const token of tokens) {
    if (token.nesting === 1) open.push({ token, children: [] })
    else if (token.nesting === -1) {
      const closed = open.pop()
      if (closed !== undefined) push(element(closed.token, closed.children))
    } else push(leaf(token, words))
  }
  return root
}

function element(token: Token, children: VNodeArrayChildren): VNodeArrayChildren[number] {
  // The paragraph of a tight list is none.
  if (token.hidden) return children
  if (token.type === 'link_open') {
    const address = attribute(token, 'href')
    const safe = safeLink(address)
    if (safe === null) return h('span', children)
    return h('a', { href: safe, target: '_blank', rel: 'noreferrer noopener', title: safe, draggable: false }, children)
  }
  if (!ELEMENTS.has(token.tag)) return children
  if (token.tag === 'table') return h('div', { class: 'wide', tabindex: 0 }, [h('table', children)])
  if (token.tag === 'ol') {
    const start = Number(token.attrGet('start') ?? 1)
    return h('ol', { dir: 'auto', ...(Number.isInteger(start) && start !== 1 ? { start } : {}) }, children)
  }
  // Its marks stand where its text begins.
  if (token.tag === 'ul') return h('ul', { dir: 'auto' }, children)
  if (token.tag === 'li') return h('li', isTask(token) ? { class: 'task' } : {}, children)
  const align = /text-align:(left|center|right)/.exec(attribute(token, 'style'))?.[1]
  return h(token.tag, align === undefined ? {} : { class: `align-${align}` }, children)
}

const isTask = ({ meta }: Token): boolean => (meta as { readonly task?: boolean } | null)?.task === true

const attribute = (token: Token, name: string): string => String(token.attrGet(name) ?? '')

function leaf(token: Token, words: MarkdownWords): VNodeArrayChildren[number] {
  switch (token.type) {
    case 'inline':
      return nodes(token.children ?? [], words)
    case 'text':
      return plain(token.content, words)
    // A line break is one that somebody typed: chats, file lists and logs are told line by line.
    case 'softbreak':
    case 'hardbreak':
      return h('br')
    case 'hr':
      return h('hr')
    case 'code_inline':
      return h('code', token.content)
    case 'fence':
      return h(CodeBlock, { code: token.content, language: token.info.trim().split(/\s+/, 1)[0] ?? '' })
    case 'code_block':
      return h(CodeBlock, { code: token.content, language: '' })
    case 'image': {
      const address = attribute(token, 'src')
      const label = token.content === '' ? address : token.content
      if (SHOWN_IMAGE.test(address)) return h('img', { src: address, alt: token.content })
      return h('span', { class: 'remote-image', title: address }, `${words.remoteImage}: ${label}`)
    }
    default:
      return plain(token.content, words)
  }
}

/** Text with the gateway's marks in it made visible. */
function plain(text: string, { cut }: MarkdownWords): VNodeArrayChildren[number] {
  if (cut === null || !text.includes('[truncated]')) return text
  return text
    .split(/ ?\[truncated\] ?/)
    .flatMap((piece, index) =>
      index === 0 ? [piece] : [h('span', { class: 'cut', title: cut.title }, cut.label), piece],
    )
}
