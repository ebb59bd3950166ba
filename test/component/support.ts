import { mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { vi } from 'vitest'
import { createRouter, createMemoryHistory } from 'vue-router'
import type { Component } from 'vue'
import type {
  EventChannel,
  EventMap,
  InvokeChannel,
  InvokeMap,
  MonitorBridge,
  Round,
  SessionHeader,
  SessionRow,
} from '@contract'
import { i18n } from '../../src-renderer/i18n'

export type Answers = {
  [C in InvokeChannel]?: (...args: Parameters<InvokeMap[C]>) => ReturnType<InvokeMap[C]>
}

export interface FakeMonitor {
  readonly api: MonitorBridge
  /** Every call made: channel and arguments. */
  readonly calls: { channel: InvokeChannel; args: unknown[] }[]
  readonly emit: <C extends EventChannel>(channel: C, payload: EventMap[C]) => void
  readonly countOf: (channel: InvokeChannel) => number
  readonly listeners: () => number
}

/** Stands in for the preload's bridge; a channel without an answer reports a failure, as main would. */
export function installMonitor(answers: Answers): FakeMonitor {
  const calls: { channel: InvokeChannel; args: unknown[] }[] = []
  const listeners = new Map<string, Set<(payload: never) => void>>()
  const api: MonitorBridge = {
    invoke: (channel, ...args) => {
      calls.push({ channel, args })
      const answer = answers[channel] as ((...given: unknown[]) => never) | undefined
      if (answer === undefined) {
        const error = { code: 'refused', message: `no answer for ${channel}` }
        return Promise.resolve(JSON.stringify({ ok: false, error }))
      }
      return Promise.resolve<unknown>(answer(...args)).then((value) => JSON.stringify({ ok: true, value }))
    },
    on: (channel, listener) => {
      const set = listeners.get(channel) ?? new Set()
      listeners.set(channel, set.add(listener))
      return () => set.delete(listener)
    },
    addDropped: () => Promise.resolve({ ok: true, value: [] }),
  }
  vi.stubGlobal('monitor', api)
  return {
    api,
    calls,
    emit: (channel, payload) => {
      for (const listener of listeners.get(channel) ?? []) listener(payload as never)
    },
    countOf: (channel) => calls.filter((call) => call.channel === channel).length,
    listeners: () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0),
  }
}

export function mountApp(component: Component, options: { props: Record<string, unknown> }): VueWrapper {
  setActivePinia(createPinia())
  i18n.global.locale.value = 'en'
  const router = createRouter({
    history: createMemoryHistory(),
    routes: [
      { path: '/insights', name: 'insights', component: { render: () => null } },
      { path: '/sources', name: 'sources', component: { render: () => null } },
      { path: '/session/:id', name: 'session', component: { render: () => null } },
      { path: '/:rest(.*)*', name: 'overview', component: { render: () => null } },
    ],
  })
  return mount(component, { attachTo: document.body, props: options.props, global: { plugins: [i18n, router] } })
}

export function aSession(change: Partial<SessionRow> = {}): SessionRow {
  return {
    sessionId: 'agent:main:test:1',
    inferred: false,
    model: 'gpt-4o',
    title: 'A question',
    firstTime: Date.UTC(2026, 1, 2, 9),
    lastTime: Date.UTC(2026, 1, 2, 10),
    rounds: 3,
    inputTokens: 1200,
    outputTokens: 300,
    cachedTokens: 512,
    reasoningTokens: 0,
    promptTokens: 1200,
    completionTokens: 300,
    costUsd: 0.0123,
    unpricedRounds: 0,
    roundsWithoutUsage: 0,
    cacheWriteTokens: 0,
    estimatedRounds: 0,
    lowerBoundRounds: 0,
    failedRounds: 0,
    ...change,
  }
}

export const aHeader = (change: Partial<SessionHeader> = {}): SessionHeader => ({
  ...aSession(),
  revision: 1,
  consumers: ['tester'],
  ...change,
})

export function aRound(change: Partial<Round> = {}): Round {
  const round = change.round ?? 1
  return {
    round,
    requestId: `request-${round}`,
    time: Date.UTC(2026, 1, 2, 9, round),
    timeInferred: false,
    model: 'gpt-4o',
    responseType: 'normal',
    responseCode: '200',
    usage: {
      inputTokens: 100,
      outputTokens: 20,
      cachedTokens: 0,
      reasoningTokens: 0,
      promptTokens: null,
      completionTokens: null,
      marks: [],
    },
    cost: null,
    latency: { firstTokenMs: null, serviceMs: 900, durationMs: 950 },
    keptMessages: 0,
    keptFromRound: null,
    newMessages: [],
    messagesText: null,
    question: null,
    answer: null,
    reasoning: null,
    toolCalls: [],
    toolCallsText: null,
    attributes: [],
    origin: { path: '/logs/access.log', offset: round * 1000, length: 999 },
    ...change,
  }
}

export const text = (value: string, truncated = false) => ({ text: value, truncated })
export const textPart = (value: string) => ({ kind: 'text' as const, text: value, truncated: false })
