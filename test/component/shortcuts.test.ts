import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import ShortcutsDialog from '../../src-renderer/shell/ShortcutsDialog.vue'
import { runCommand } from '../../src-renderer/composables/useCommand'
import { messages } from '../../src-renderer/i18n'
import { useAppStore } from '../../src-renderer/stores/app'
import { mountApp } from './support'

let dialog: ReturnType<typeof mountApp>
afterEach(() => dialog.unmount())

/** What is listed: the name of each key, and the keys. */
async function listed(readOnly: boolean): Promise<ReadonlyMap<string, string>> {
  dialog = mountApp(ShortcutsDialog, { props: {} })
  const app = useAppStore()
  // A server on macOS says nothing about the keyboard of whoever reads.
  app.info = { ...app.info, readOnly, platform: readOnly ? 'darwin' : 'linux' }
  runCommand('shortcuts')
  await nextTick()
  await nextTick()
  const rows = document.querySelectorAll('[data-testid=shortcuts] .row')
  return new Map(
    [...rows].map((row) => [
      row.querySelector('dt')?.textContent ?? '',
      [...row.querySelectorAll('kbd')].map((key) => key.textContent).join(' '),
    ]),
  )
}

const names = messages.en.shortcuts.key

describe('the keys listed', () => {
  it('are all there are in the application', async () => {
    const keys = await listed(false)
    expect([...keys.keys()].sort()).toEqual(Object.values(names).sort())
    expect(keys.get(names.find)).toBe('Ctrl F /')
  })

  it('are in a browser those that the pages answer', async () => {
    const keys = await listed(true)
    expect([...keys.keys()].sort()).toEqual(
      [
        names.palette,
        names.search,
        names.find,
        names.move,
        names.open,
        names.mark,
        names.round,
        names.calls,
        names.errors,
        names.costly,
        names.breaks,
        names.before,
        names.difference,
        names.part,
      ].sort(),
    )
    expect(keys.get(names.find)).toBe('/')
    expect(keys.get(names.palette)).toBe('Ctrl K')
  })
})
