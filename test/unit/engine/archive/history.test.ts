import { expect, test } from 'vitest'
import { Histories } from '../../../../src-main/engine/archive/history'

// A copy of a large log holds duplicates alone, which restore their sessions and remember nothing.
test('what is restored from the archive counts against the memory there is', () => {
  const histories = new Histories(10_000)
  for (let at = 0; at < 100; at += 1)
    histories.restore(`s${String(at)}`, at + 1, Buffer.from(`["${'x'.repeat(1000)}"`), 1)
  const kept = Array.from({ length: 100 }, (_, at) => histories.has(`s${String(at)}`)).filter(Boolean)
  expect(kept.length).toBeLessThanOrEqual(10)
  expect(histories.has('s99')).toBe(true)
})
