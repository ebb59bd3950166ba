import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import EngineWork from '../../src-renderer/shell/EngineWork.vue'
import { installMonitor, mountApp } from './support'

it('says what is waited for while the engine is away, and how far it is where that is known', async () => {
  const { emit } = installMonitor({})
  const wrapper = mountApp(EngineWork, { props: {} })
  expect(wrapper.find('[role=status]').exists()).toBe(false)
  emit('engine:work', { what: 'data-folder', share: null })
  await nextTick()
  expect(wrapper.get('[role=status]').text()).toBe('Opening the data folder…')
  expect(wrapper.find('[role=progressbar]').exists()).toBe(false)
  emit('engine:work', { what: 'time-zone', share: 0.42 })
  await nextTick()
  expect(wrapper.get('[role=status]').text()).toContain('42%')
  expect(wrapper.get('[role=progressbar]').attributes('aria-valuenow')).toBe('42')
  emit('engine:work', null)
  await nextTick()
  expect(wrapper.find('[role=status]').exists()).toBe(false)
})
