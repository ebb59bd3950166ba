import { flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import type { Progress, SourcesStatus, SourceStatus } from '@contract'
import { useFileDrop } from '../../src-renderer/composables/useFileDrop'
import StatusBar from '../../src-renderer/shell/StatusBar.vue'
import DropOverlay from '../../src-renderer/shell/DropOverlay.vue'
import SourceCard from '../../src-renderer/features/sources/SourceCard.vue'
import { useSourcesStore } from '../../src-renderer/stores/sources'
import { installMonitor, mountApp } from './support'

afterEach(() => {
  document.body.innerHTML = ''
  vi.unstubAllGlobals()
})

const ledger = {
  lines: 0,
  counted: 0,
  duplicate: 0,
  notLlm: 0,
  malformed: 0,
  blank: 0,
  tooLong: 0,
  filtered: 0,
  deleted: 0,
}
const marks = {
  withoutUsage: 0,
  truncated: 0,
  timeInferred: 0,
  badNumber: 0,
  withoutSession: 0,
  mended: 0,
  withoutText: 0,
  unlogged: 0,
  cut: 0,
  leftOut: 0,
  broken: 0,
  unreadableTime: 0,
}
const aSource = (change: Partial<SourceStatus> = {}): SourceStatus => ({
  path: '/logs',
  state: 'following',
  sessionKey: null,
  error: null,
  files: [],
  passedOver: [],
  ...change,
})
const statusOf = (...sources: SourceStatus[]): SourcesStatus => ({ sources, ledger, marks })
const idle: Progress = {
  active: false,
  bytesDone: 0,
  bytesTotal: 0,
  bytesPerSecond: 0,
  secondsLeft: null,
  path: null,
}

describe('the status bar', () => {
  async function shown(status: SourcesStatus, progress: Progress = idle) {
    installMonitor({ sourcesStatus: () => status, progress: () => progress })
    const wrapper = mountApp(StatusBar, { props: {} })
    await useSourcesStore().start()
    await flushPromises()
    return wrapper
  }

  it('says what is going on with the sources', async () => {
    expect((await shown(statusOf())).text()).toContain('No log chosen')
    expect((await shown(statusOf(aSource({ state: 'looking' })))).text()).toContain('Looking for logs')
    const failing = aSource({ error: { code: 'permission', message: 'no' } })
    expect((await shown(statusOf(failing, aSource()))).text()).toContain('1 source needs attention')
    expect((await shown(statusOf(aSource()))).text()).toContain('Everything is read')
  })

  it('shows how far reading is, and never more than all of it', async () => {
    const progress = { ...idle, active: true, bytesDone: 150, bytesTotal: 100, path: '/logs/access.log' }
    const wrapper = await shown(statusOf(aSource({ state: 'reading' })), progress)
    expect(wrapper.text()).toContain('Reading access.log')
    expect(wrapper.get('[role=progressbar]').attributes('aria-valuenow')).toBe('100')
    expect((await shown(statusOf(aSource()))).find('[role=progressbar]').exists()).toBe(false)
  })
})

describe('a source', () => {
  it('is paused and resumed, and says which it is', async () => {
    installMonitor({})
    const wrapper = mountApp(SourceCard, { props: { source: aSource() } })
    await wrapper.get('[data-testid=source-pause]').trigger('click')
    expect(wrapper.emitted('pause')).toEqual([[true]])
    await wrapper.setProps({ source: aSource({ state: 'paused' }) })
    expect(wrapper.text()).toContain('paused')
    await wrapper.get('[data-testid=source-pause]').trigger('click')
    expect(wrapper.emitted('pause')?.at(-1)).toEqual([false])
  })

  it('takes a session key when it is done being typed, once', async () => {
    installMonitor({})
    const wrapper = mountApp(SourceCard, { props: { source: aSource() } })
    const input = wrapper.get('[data-testid=source-session-key]')
    await input.setValue('agent')
    expect(wrapper.emitted('sessionKey')).toBeUndefined()
    await wrapper.get('form').trigger('submit')
    expect(wrapper.emitted('sessionKey')).toEqual([['agent']])
    await wrapper.setProps({ source: aSource({ sessionKey: 'agent' }) })
    await input.trigger('blur')
    expect(wrapper.emitted('sessionKey'), 'nothing changed since').toHaveLength(1)
  })

  it('that is given on the command line is not changed here', () => {
    installMonitor({})
    const wrapper = mountApp(SourceCard, { props: { source: aSource(), fixed: true } })
    expect(wrapper.find('[data-testid=source-pause]').exists()).toBe(false)
    expect(wrapper.find('[data-testid=source-remove]').exists()).toBe(false)
  })
})

describe('files dragged over the window', () => {
  function drag(type: string, files: File[] = []): Event {
    const event = new Event(type, { cancelable: true })
    Object.defineProperty(event, 'dataTransfer', { value: { types: ['Files'], files, dropEffect: 'none' } })
    window.dispatchEvent(event)
    return event
  }

  it('show where to drop them until they leave or are dropped, and never open in the window', async () => {
    installMonitor({})
    const dropped: number[] = []
    const wrapper = mountApp(
      {
        components: { DropOverlay },
        setup: () => ({ over: useFileDrop((files) => dropped.push(files.length)) }),
        template: '<DropOverlay v-if="over" />',
      },
      { props: {} },
    )
    const overlay = async () => {
      await flushPromises()
      return wrapper.find('[data-testid=drop-overlay]').exists()
    }
    drag('dragenter')
    drag('dragenter') // into an element of the page
    expect(await overlay()).toBe(true)
    drag('dragleave')
    expect(await overlay(), 'still within the window').toBe(true)
    drag('dragleave')
    expect(await overlay()).toBe(false)
    drag('dragenter')
    expect(drag('dragover').defaultPrevented).toBe(true)
    expect(drag('drop', [new File([], 'access.log')]).defaultPrevented).toBe(true)
    expect(await overlay()).toBe(false)
    expect(dropped).toEqual([1])
  })
})
