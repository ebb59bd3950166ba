import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { replaceFile, replaceFileSync } from '../../../../src-main/engine/disk/replace-file'
import { temporaryFolder } from '../../../fixtures/open-engine'

const failing = function* (): Generator<Uint8Array> {
  yield Buffer.from('half of the new')
  throw new Error('the source ended')
}

describe.each([
  ['replaceFile', async (path: string, text: string) => replaceFile(path, text)],
  [
    'replaceFile with a function',
    async (path: string, text: string) =>
      replaceFile(path, async (file) => {
        await file.write(text)
      }),
  ],
  [
    'replaceFileSync',
    async (path: string, text: string) => {
      replaceFileSync(path, [Buffer.from(text.slice(0, 3)), Buffer.from(text.slice(3))])
      await Promise.resolve()
    },
  ],
])('%s', (_, replace) => {
  it('creates a file and replaces its whole content', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'file')
    await replace(path, 'the first content')
    await replace(path, 'second')
    expect(readFileSync(path, 'utf8')).toBe('second')
    expect(readdirSync(folder)).toEqual(['file'])
  })

  it('leaves no temporary file when the target cannot be replaced', async () => {
    const folder = temporaryFolder()
    const path = join(folder, 'target')
    mkdirSync(path)
    await expect(replace(path, 'text')).rejects.toThrow()
    expect(readdirSync(folder)).toEqual(['target'])
  })
})

it('keeps the former content when the new content cannot be read to its end', () => {
  const folder = temporaryFolder()
  const path = join(folder, 'file')
  writeFileSync(path, 'former')
  expect(() => {
    replaceFileSync(path, failing())
  }).toThrow('the source ended')
  expect(readFileSync(path, 'utf8')).toBe('former')
  expect(readdirSync(folder)).toEqual(['file'])
})
