import { expect, test, vi } from 'vitest'
import { autostartFile, autostartPath } from '../../../../src-main/desktop/lifecycle/login-start'
import { dayStartIn } from '../../../../src-main/shared/zone'

vi.mock('electron', () => ({ app: { isPackaged: false } }))

test('the autostart entry lies where the desktop looks for it', () => {
  expect(autostartPath(undefined, '/home/u')).toBe('/home/u/.config/autostart/agent-session-monitor.desktop')
  expect(autostartPath('/cfg', '/home/u')).toBe('/cfg/autostart/agent-session-monitor.desktop')
})

test('it starts the program hidden, whatever its path holds', () => {
  expect(autostartFile('/opt/Agent Session Monitor/app')).toContain('Exec="/opt/Agent Session Monitor/app" --hidden\n')
  expect(autostartFile('/a"b%c')).toContain('Exec="/a\\\\"b%%c" --hidden\n')
})

test('a day begins at midnight of its zone', () => {
  const noon = Date.parse('2026-02-05T12:00:00Z')
  expect(new Date(dayStartIn(noon, 'Asia/Kathmandu')).toISOString()).toBe('2026-02-04T18:15:00.000Z')
  expect(new Date(dayStartIn(noon, 'UTC')).toISOString()).toBe('2026-02-05T00:00:00.000Z')
})
