import { expect, test, vi } from 'vitest'
import { autostartFile, autostartPath } from '../../../../src-main/desktop/lifecycle/login-start'

vi.mock('electron', () => ({ app: { isPackaged: false } }))

test('the autostart entry lies where the desktop looks for it', () => {
  expect(autostartPath(undefined, '/home/u')).toBe('/home/u/.config/autostart/agent-session-monitor.desktop')
  expect(autostartPath('/cfg', '/home/u')).toBe('/cfg/autostart/agent-session-monitor.desktop')
})

test('it starts the program hidden, whatever its path holds', () => {
  expect(autostartFile('/opt/Agent Session Monitor/app')).toContain('Exec="/opt/Agent Session Monitor/app" --hidden\n')
  expect(autostartFile('/a"b%c')).toContain('Exec="/a\\\\"b%%c" --hidden\n')
})
