import { Command, InvalidArgumentError, Option } from 'commander'
import type { SearchHit } from '../../contract/index'
import { Search } from '../../engine/search/search'
import { readStore, type CommonOptions } from '../context/open-store'
import { usageFilter, withFilters, type FilterOptions } from '../context/filters'
import { collect, countFromOne, dataDirOption, examples, jsonOption } from '../context/options'
import { bold, onOneLine, printJsonText, remark } from '../terminal/output'
import { hitEntry } from '../terminal/json-entries'

interface SearchOptions extends CommonOptions, FilterOptions {
  readonly role?: readonly string[]
  readonly session?: string
  readonly limit: number
}

/** Between two looks at whether the reader of our output is still there, ms. */
const SLICE_MS = 50

export function searchCommand(): Command {
  const command = new Command('search')
    .description('find text in conversations, tool calls and ids; each text once, in the order of reading')
    .argument('<text>', 'looked for as it stands, but for upper and lower case', notEmpty)
    .addOption(
      new Option('--role <role>', 'only what system, user, assistant, tool … said; may be repeated').argParser(collect),
    )
    .option('--session <id>', 'only in this session')
  return withFilters(command)
    .option('--limit <n>', 'end with this many hits', countFromOne, 100)
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('search "rate limit" --role tool', 'search umbrella --since 7d --json'))
    .action(search)
}

function notEmpty(text: string): string {
  if (text === '') throw new InvalidArgumentError('Expected some text.')
  return text
}

async function search(text: string, options: SearchOptions): Promise<void> {
  await readStore(options, async (store) => {
    const running = new Search(store, {
      text,
      limit: options.limit,
      ...usageFilter(store.index, options),
      ...(options.role === undefined ? {} : { roles: options.role }),
      ...(options.session === undefined ? {} : { sessionId: options.session }),
    })
    const json = options.json === true
    let printed = 0
    for (;;) {
      const page = await running.next(SLICE_MS)
      for (const hit of page.hits) {
        if (json) printJsonText(`${printed === 0 ? '[' : ','}\n  ${JSON.stringify(hitEntry(hit))}`)
        else printHit(hit)
        printed += 1
      }
      if (page.done) {
        if (json) process.stdout.write(printed === 0 ? '[]\n' : '\n]\n')
        if (page.limited) remark(`There may be more: the search ended with ${String(printed)} hits (--limit).`)
        if (page.unreadableBlocks > 0) {
          remark(`${String(page.unreadableBlocks)} blocks of the archive could not be read; see "verify".`)
        }
        return
      }
      await new Promise((resolve) => setImmediate(resolve))
    }
  })
}

function printHit(hit: SearchHit): void {
  const { snippet, at, length } = hit
  const [before, found, after] = [snippet.slice(0, at), snippet.slice(at, at + length), snippet.slice(at + length)]
  process.stdout.write(
    `${onOneLine(hit.sessionId)} #${String(hit.round)} ${onOneLine(hit.role)}: ` +
      `${onOneLine(before)}${bold(onOneLine(found))}${onOneLine(after)}\n`,
  )
}
