import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { backgrounds } from '../../../../src-main/desktop/windows/window-background'

test('the window’s first colour is the page’s', async () => {
  const tokens = await readFile(new URL('../../../../src-renderer/styles/tokens.css', import.meta.url), 'utf8')
  const canvases = [...tokens.matchAll(/--canvas:\s*(#[0-9a-f]{6});/g)].map(([, colour]) => colour)
  expect(canvases[0]).toBe(backgrounds.light)
  expect(new Set(canvases.slice(1))).toEqual(new Set([backgrounds.dark]))
})
