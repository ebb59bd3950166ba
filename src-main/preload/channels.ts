import type { DropChannel, EventChannel, InvokeChannel } from '../contract/index'

/** The contract's channels as values: the types are gone when the page asks. */

export const invokeChannels = {
  'overview:get': true,
  'sessions:list': true,
  'requests:latest': true,
  'sessions:sparks': true,
  'sessions:compare': true,
  'sessions:compare-rows': true,
  'sessions:compare-round': true,
  'session:header': true,
  'session:rounds': true,
  'session:request-context': true,
  'session:raw-line': true,
  'session:diff': true,
  'session:series': true,
  'session:find': true,
  'session:outline': true,
  'session:round-json': true,
  'insights:get': true,
  'insights:session': true,
  'budgets:get': true,
  'budgets:set': true,
  'sources:status': true,
  'sources:progress': true,
  'sources:choose': true,
  'sources:open-sample': true,
  'sources:set-paused': true,
  'sources:set-session-key': true,
  'sources:remove': true,
  'export:report': true,
  'export:session': true,
  'prices:list': true,
  'prices:set': true,
  'prices:reset': true,
  'prices:import': true,
  'prices:export': true,
  'settings:get': true,
  'settings:set': true,
  'app:info': true,
  'app:notices': true,
  'app:session-shown': true,
} satisfies Record<InvokeChannel, true>

export const eventChannels = {
  'store:changed': true,
  'sources:changed': true,
  'sources:progress': true,
  'settings:changed': true,
  'budgets:changed': true,
  'prices:progress': true,
  'app:notice': true,
  'app:navigate': true,
} satisfies Record<EventChannel, true>

export const dropChannel: DropChannel = 'sources:add-dropped'
