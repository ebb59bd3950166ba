import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { createPriceFiles } from '../../../../src-main/desktop/services/price-files'
import { failed, ok } from '../../../../src-main/shared/result'
import type { Result } from '../../../../src-main/contract/index'
import type { EngineClient } from '../../../../src-main/engine/thread/client'

function filesWith(chosen: string | null, answer: Result<unknown>) {
  const calls: unknown[][] = []
  const asked: string[] = []
  const choose = (path: string) => {
    asked.push(path)
    return Promise.resolve(chosen)
  }
  const call = (...args: unknown[]) => {
    calls.push(args)
    return Promise.resolve(answer)
  }
  const files = createPriceFiles({
    engine: { call: call as unknown as EngineClient['call'] },
    dialogs: { choosePriceFile: choose, choosePriceTarget: choose },
    folder: () => '/documents',
  })
  return { files, calls, asked }
}

describe('files of prices', () => {
  test('are read and written where the user says', async () => {
    const { files, calls, asked } = filesWith('/p.json', ok(3))
    expect(await files.import()).toEqual(ok(3))
    expect(await files.export()).toEqual(ok('/p.json'))
    expect(asked).toEqual(['/documents', join('/documents', 'model-prices.json')])
    expect(calls).toEqual([
      ['importPrices', '/p.json'],
      ['exportPrices', '/p.json'],
    ])
  })

  test('are left alone when the user cancels', async () => {
    const { files, calls } = filesWith(null, ok(3))
    expect([await files.import(), await files.export()]).toEqual([ok(null), ok(null)])
    expect(calls).toEqual([])
  })

  test('that fail say so', async () => {
    const failure = failed({ code: 'unreadable', message: 'no prices' })
    const { files } = filesWith('/p.json', failure)
    expect([await files.import(), await files.export()]).toEqual([failure, failure])
  })
})
