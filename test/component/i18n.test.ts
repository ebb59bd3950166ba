import { describe, expect, it } from 'vitest'
import { createI18n } from 'vue-i18n'
import { messages } from '../../src-renderer/i18n'

function flatten(tree: object, prefix = ''): Map<string, string> {
  const flat = new Map<string, string>()
  for (const [key, value] of Object.entries(tree) as [string, unknown][]) {
    if (typeof value === 'string') flat.set(prefix + key, value)
    else for (const [inner, found] of flatten(value as object, `${prefix}${key}.`)) flat.set(inner, found)
  }
  return flat
}

const en = flatten(messages.en)
const zh = flatten(messages.zh)

const sources: Record<string, string> = import.meta.glob('../../src-renderer/**/*.{ts,vue}', {
  query: '?raw',
  import: 'default',
  eager: true,
})

describe('the texts', () => {
  it('are the same set in every language', () => {
    expect([...zh.keys()].sort()).toEqual([...en.keys()].sort())
  })

  it('are nowhere empty', () => {
    for (const [key, value] of [...en, ...zh]) expect(value.trim(), key).not.toBe('')
  })

  it('take the same values in every language', () => {
    const placeholders = (value: string) => [...new Set(value.match(/\{\w+\}/g) ?? [])].sort()
    for (const [key, value] of en) expect(placeholders(zh.get(key) ?? ''), key).toEqual(placeholders(value))
  })

  it('are Chinese in Chinese', () => {
    const same = [...en].filter(([key, value]) => zh.get(key) === value).map(([key]) => key)
    expect(same).toEqual(['app.name', 'session.spanOf'])
  })

  it('compile in every language and plural', () => {
    for (const locale of ['en', 'zh'] as const) {
      const i18n = createI18n({ legacy: false, locale, messages, missingWarn: true })
      for (const key of en.keys()) {
        for (const count of [0, 1, 2]) {
          const shown = i18n.global.t(key, { count, from: 1, to: 2 }, count)
          expect(shown, `${locale} ${key}`).not.toBe(key)
          expect(shown, `${locale} ${key}`).not.toContain('|')
        }
      }
    }
  })

  it('exist for every key the components name', () => {
    const unknown: string[] = []
    let named = 0
    for (const [file, source] of Object.entries(sources)) {
      for (const [, key = ''] of source.matchAll(/\bt\(\s*'([\w.-]+)'/g)) {
        named++
        if (!en.has(key)) unknown.push(`${file}: ${key}`)
      }
    }
    expect(unknown).toEqual([])
    expect(named).toBeGreaterThan(100)
  })
})
