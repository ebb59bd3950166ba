import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import ErrorPanel from '../../src-renderer/components/ErrorPanel.vue'
import { i18n } from '../../src-renderer/i18n'
import { programText } from '@shared/program-texts'
import { programZh } from '@shared/program-zh'
import { mountApp } from './support'

const sources: Record<string, string> = import.meta.glob(
  ['../../src-main/**/*.ts', '!../../src-main/cli/**', '!../../src-main/server/{server,site}.ts'],
  { query: '?raw', import: 'default', eager: true },
)

/** Every sentence an error or a notice is made of in these files, its values as {0}, {1} … */
function sentences(file: string, source: string): string[] {
  const parsed = ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true)
  const constants = new Map<string, ts.Expression>()
  const found: string[] = []
  const add = (node: ts.Node | undefined): void => {
    if (node === undefined) return
    if (ts.isStringLiteralLike(node)) found.push(node.text)
    else if (ts.isTemplateExpression(node)) {
      const rest = node.templateSpans.map((span, index) => `{${String(index)}}${span.literal.text}`)
      found.push(node.head.text + rest.join(''))
    } else if (ts.isConditionalExpression(node)) {
      add(node.whenTrue)
      add(node.whenFalse)
    } else if (ts.isParenthesizedExpression(node)) add(node.expression)
    else if (ts.isIdentifier(node)) add(constants.get(node.text))
  }
  const declare = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && ts.isIdentifier(node.name) && node.initializer !== undefined) {
      if (ts.isStringLiteralLike(node.initializer)) constants.set(node.name.text, node.initializer)
    }
    ts.forEachChild(node, declare)
  }
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'EngineError') add(node.arguments?.[1])
    if (ts.isCallExpression(node) && node.expression.getText() === 'refused') add(node.arguments[0])
    if (ts.isPropertyAssignment(node) && /^(message|hint)$/.test(node.name.getText())) add(node.initializer)
    ts.forEachChild(node, visit)
  }
  declare(parsed)
  visit(parsed)
  return found
}

const all = new Set(Object.entries(sources).flatMap(([file, source]) => sentences(file, source)))

describe('what the engine and the main process tell', () => {
  it('is found in their sources', () => {
    expect(all.size).toBeGreaterThan(80)
    for (const known of ['The disk is full.', 'The session has no round {0}.', 'Try again in a moment.']) {
      expect([...all]).toContain(known)
    }
  })

  it('has its Chinese, all of it, and no Chinese is left over', () => {
    expect([...all].filter((text) => !Object.hasOwn(programZh, text))).toEqual([])
    expect(Object.keys(programZh).filter((text) => !all.has(text))).toEqual([])
  })

  it('keeps its values in translation', () => {
    const values = (text: string): string[] => [...(text.match(/\{\d\}/g) ?? [])].sort()
    for (const [from, to] of Object.entries(programZh)) {
      expect(values(to), from).toEqual(values(from))
      expect(to, from).toMatch(/[\u4e00-\u9fff]/)
    }
  })

  it('is shown in the language chosen; what is not known stays as it came', () => {
    expect(programText('The disk is full.', 'zh')).toBe('磁盘已满。')
    expect(programText('The disk is full.', 'en')).toBe('The disk is full.')
    expect(programText('Process 12 on host-a is already writing to this data folder.', 'zh')).toBe(
      'host-a 上的进程 12 已在写入该数据文件夹。',
    )
    expect(programText('Something went wrong in the engine (RangeError).', 'zh')).toBe('引擎出错（RangeError）。')
    expect(programText('设置已保存。', 'zh')).toBe('设置已保存。')
    expect(programText('constructor', 'zh')).toBe('constructor')
  })

  it('follows the language where an error is shown', async () => {
    const error = {
      code: 'disk-full',
      message: 'The disk is full.',
      hint: 'Free some space and try again.',
      where: '/d',
    }
    const panel = mountApp(ErrorPanel, { props: { error } })
    expect(panel.text()).toContain('The disk is full.')
    i18n.global.locale.value = 'zh'
    await nextTick()
    expect(panel.text()).toContain('磁盘已满。')
    expect(panel.text()).toContain('请释放一些空间后重试。')
    expect(panel.text()).not.toContain('Free some')
    i18n.global.locale.value = 'en'
  })
})
