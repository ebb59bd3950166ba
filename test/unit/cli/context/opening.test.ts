import { expect, it } from 'vitest'
import { tellOpening } from '../../../../src-main/cli/context/opening'

function told(saves: boolean, isTTY: boolean) {
  const written: string[] = []
  let time = 0
  const tell = tellOpening(saves, { isTTY, write: (text: string) => written.push(text) }, () => time)
  const at = (ms: number, share: number): void => {
    time = ms
    tell({ what: 'index', share })
  }
  return { written, at }
}

it('says nothing where a store is soon open', () => {
  const { written, at } = told(false, true)
  at(10, 0.5)
  at(1000, 0.9)
  at(20_000, 1)
  expect(written).toEqual([])
})

it('says why a reading command waits and what to do about it, and how far it is on one line of a terminal', () => {
  const { written, at } = told(false, true)
  at(2000, 0.1)
  at(4000, 0.499)
  at(8000, 1)
  expect(written[0]).toMatch(/^The saved index is not up to date.*"monitor" with this data folder, saves it.*\n$/)
  expect(written.slice(1)).toEqual(['\r10 %', '\r49 %', '\r\u001b[K'])
})

it('tells how far it is in lines of a file, and few of them; what a writing command makes is saved', () => {
  const { written, at } = told(true, false)
  for (let percent = 1; percent <= 100; percent += 1) at(300 * percent, percent / 100)
  expect(written).toEqual([
    'The saved index is not up to date: it is brought there from the archive.\n',
    '39 %\n',
    '73 %\n',
  ])
})
