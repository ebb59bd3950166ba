import type { BrowserWindow, MessageBoxOptions } from 'electron'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import { createDialogs } from '../../../../src-main/desktop/native/dialogs'
import { textsFor } from '../../../../src-main/desktop/words/texts'

const native = vi.hoisted(() => ({
  showOpenDialog: vi.fn(),
  showSaveDialog: vi.fn(),
  showMessageBox: vi.fn(),
  openExternal: vi.fn(),
}))
vi.mock('electron', () => ({ dialog: native, shell: { openExternal: native.openExternal } }))

const window = { id: 1 } as unknown as BrowserWindow
const dialogs = createDialogs(
  () => window,
  () => textsFor('en', 'en'),
)
const asked = (): MessageBoxOptions => native.showMessageBox.mock.lastCall?.[1] as MessageBoxOptions
const press = (label: string): void => {
  native.showMessageBox.mockImplementation((_window: unknown, options: MessageBoxOptions) =>
    Promise.resolve({ response: options.buttons?.indexOf(label) ?? -1 }),
  )
}

beforeEach(() => void vi.resetAllMocks())

describe('choosing logs', () => {
  test('a folder is chosen in the window’s own dialog', async () => {
    native.showOpenDialog.mockResolvedValue({ canceled: false, filePaths: ['/var/log/higress'] })
    expect(await dialogs.chooseLogs('folder')).toEqual(['/var/log/higress'])
    expect(native.showOpenDialog).toHaveBeenCalledWith(
      window,
      expect.objectContaining({ properties: expect.arrayContaining(['openDirectory']) as unknown }),
    )
  })

  test('cancelling chooses nothing', async () => {
    native.showOpenDialog.mockResolvedValue({ canceled: true, filePaths: [] })
    native.showSaveDialog.mockResolvedValue({ canceled: true, filePath: '' })
    expect(await dialogs.chooseLogs('file')).toEqual([])
    expect(await dialogs.chooseExportFile({ what: 'report', format: 'json' }, '/r.json', null)).toBeNull()
  })
})

test('files are replaced when the user says so, which is not the default', async () => {
  press('Replace')
  expect(await dialogs.askReplace(['/a.csv', '/b.csv'])).toBe(true)
  expect(asked().detail).toBe('/a.csv\n/b.csv')
  expect(asked().defaultId).toBe(0)
  press('Cancel')
  expect(await dialogs.askReplace(['/a.csv'])).toBe(false)
})

describe('a path of no use', () => {
  const noLogs = { code: 'no-logs', message: 'engine words' } as const

  test('is explained with the path and what to do', async () => {
    press('OK')
    expect(await dialogs.explainUnusable('/x/app.log', noLogs, false)).toBe(false)
    expect(asked().message).toContain('not a gateway access log')
    expect(asked().detail).toContain('/x/app.log')
    expect(asked().detail).toContain('access.log')
    expect(asked().buttons).toEqual(['OK'])
  })

  test('can be watched anyway when it is a folder without logs, which is not the default', async () => {
    press('Watch Anyway')
    expect(await dialogs.explainUnusable('/empty', noLogs, true)).toBe(true)
    expect(asked().buttons?.[asked().defaultId ?? -1]).toBe('Cancel')
    press('Cancel')
    expect(await dialogs.explainUnusable('/empty', noLogs, true)).toBe(false)
  })

  test('cannot be watched anyway when it cannot be read', async () => {
    press('OK')
    expect(await dialogs.explainUnusable('/secret', { code: 'permission', message: '' }, true)).toBe(false)
    expect(asked().buttons).toEqual(['OK'])
    expect(asked().message).toContain('does not allow')
  })

  test('of an unforeseen kind is explained in the engine’s words', async () => {
    press('OK')
    await dialogs.explainUnusable('/many', { code: 'too-many-files', message: 'Too many.', hint: 'Close some.' }, true)
    expect(asked().message).toBe('Too many.')
    expect(asked().detail).toContain('Close some.')
  })

  test('is explained in the user’s language, in the engine’s words too', async () => {
    const chinese = createDialogs(
      () => window,
      () => textsFor('zh', 'en'),
    )
    press('确定')
    await chinese.explainUnusable(
      '/many',
      {
        code: 'too-many-files',
        message: 'The system allows no more open files right now.',
        hint: 'Close other programs and try again.',
      },
      true,
    )
    expect(asked().message).toBe('系统目前不允许打开更多文件。')
    expect(asked().detail).toBe('/many\n\n请关闭其他程序后重试。')
  })
})

describe('a link that leads out of the program', () => {
  test('is opened only when the user, having seen it, says so', async () => {
    press('Cancel')
    await dialogs.offerExternalLink('https://example.org/a')
    expect(asked().detail).toBe('https://example.org/a')
    expect(native.openExternal).not.toHaveBeenCalled()
    press('Open in Browser')
    await dialogs.offerExternalLink('https://example.org/a')
    expect(native.openExternal).toHaveBeenCalledExactlyOnceWith('https://example.org/a')
  })

  test.each(['file:///etc/passwd', 'javascript:alert(1)', 'app://monitor/', 'vscode://x', 'smb://host/share', ''])(
    'is not even asked about when it is %s',
    async (url) => {
      await dialogs.offerExternalLink(url)
      expect(native.showMessageBox).not.toHaveBeenCalled()
    },
  )

  test('is asked about one at a time', async () => {
    native.showMessageBox.mockReturnValueOnce(new Promise(() => undefined))
    void dialogs.offerExternalLink('https://example.org/1')
    await dialogs.offerExternalLink('https://example.org/2')
    expect(native.showMessageBox).toHaveBeenCalledTimes(1)
  })
})
