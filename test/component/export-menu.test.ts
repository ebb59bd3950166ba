import { flushPromises } from '@vue/test-utils'
import { afterEach, expect, it, vi } from 'vitest'
import ExportMenu from '../../src-renderer/components/ExportMenu.vue'
import { eventually } from '../fixtures/patience'
import { mountApp } from './support'

afterEach(() => (document.body.innerHTML = ''))

const choice = (label: string, run = vi.fn()) => ({ label, testid: label, run })

it('with one choice is that choice', async () => {
  const only = choice('json')
  const menu = mountApp(ExportMenu, { props: { choices: [only], busy: false, testid: 'export' } })
  await menu.get('[data-testid=export]').trigger('click')
  expect(only.run).toHaveBeenCalledOnce()
})

it('opens a menu of several, moves in it by arrows, and gives the focus back', async () => {
  const choices = [choice('json'), choice('csv')]
  const menu = mountApp(ExportMenu, { props: { choices, busy: false, testid: 'export' } })
  menu.get<HTMLElement>('[data-testid=export]').element.focus()
  await menu.get('[data-testid=export]').trigger('click')
  await flushPromises()
  const items = [...document.querySelectorAll<HTMLElement>('[role=menuitem]')]
  expect(items.map((item) => item.textContent.trim())).toEqual(['json', 'csv'])
  await eventually(() => expect(document.activeElement).toBe(items[0]))
  items[0]?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }))
  expect(document.activeElement).toBe(items[1])
  items[1]?.click()
  expect(choices[1]?.run).toHaveBeenCalledOnce()
  await flushPromises()
  expect(document.activeElement).toBe(menu.get('[data-testid=export]').element)
})
