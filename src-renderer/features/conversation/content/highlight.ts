import bash from 'highlight.js/lib/languages/bash'
import c from 'highlight.js/lib/languages/c'
import cpp from 'highlight.js/lib/languages/cpp'
import css from 'highlight.js/lib/languages/css'
import diff from 'highlight.js/lib/languages/diff'
import dockerfile from 'highlight.js/lib/languages/dockerfile'
import go from 'highlight.js/lib/languages/go'
import ini from 'highlight.js/lib/languages/ini'
import java from 'highlight.js/lib/languages/java'
import javascript from 'highlight.js/lib/languages/javascript'
import json from 'highlight.js/lib/languages/json'
import python from 'highlight.js/lib/languages/python'
import rust from 'highlight.js/lib/languages/rust'
import sql from 'highlight.js/lib/languages/sql'
import typescript from 'highlight.js/lib/languages/typescript'
import xml from 'highlight.js/lib/languages/xml'
import yaml from 'highlight.js/lib/languages/yaml'
import { createLowlight } from 'lowlight'
import { h, type VNodeArrayChildren } from 'vue'

/** The languages agents write most; each adds to what is loaded at the start. */
const lowlight = createLowlight({
  bash,
  c,
  cpp,
  css,
  diff,
  dockerfile,
  go,
  ini,
  java,
  javascript,
  json,
  python,
  rust,
  sql,
  typescript,
  xml,
  yaml,
})
lowlight.registerAlias({
  bash: ['console', 'shellsession', 'shell-session'],
  ini: ['toml'],
  typescript: ['tsx', 'vue'],
  json: ['jsonl', 'jsonc'],
})

/** Longer code is shown without colours: they would cost more than they tell. */
const LONGEST = 30_000

type Children = ReturnType<typeof lowlight.highlight>['children']

/** Code as virtual nodes with a class for each kind of word; plain where the language is not known. */
export function highlighted(code: string, language: string): VNodeArrayChildren {
  const name = language.toLowerCase()
  if (code.length > LONGEST || !lowlight.registered(name)) return [code]
  try {
    return nodes(lowlight.highlight(name, code).children)
  } catch {
    return [code]
  }
}

function nodes(children: Children): VNodeArrayChildren {
  return children.map((child) => {
    if (child.type === 'text') return child.value
    if (child.type !== 'element') return ''
    const names = child.properties['className']
    return h('span', { class: Array.isArray(names) ? names.map(String) : [] }, nodes(child.children as Children))
  })
}
