import { Command } from 'commander'
import { toUsd } from '../../engine/pricing/cost'
import { verifyStore } from '../../engine/store/verify'
import { engineOptions, remarkNotice, type CommonOptions } from '../context/open-store'
import { dataDirOption, examples, jsonOption } from '../context/options'
import { printJson, printLine } from '../terminal/output'

interface VerifyOptions extends CommonOptions {
  readonly lines?: boolean
}

export function verifyCommand(): Command {
  return new Command('verify')
    .description('check the archive, and the index against it; changes nothing')
    .option('--lines', 'also put every log line together again and compare it with what was read (slow)')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText('after', examples('verify', 'verify --lines --json'))
    .action(verify)
}

async function verify(options: VerifyOptions): Promise<void> {
  const found = await verifyStore(engineOptions(options), { lines: options.lines === true })
  const ok =
    found.differences.length === 0 &&
    found.badLines.length === 0 &&
    !found.problems.some((problem) => problem.level === 'error')
  if (!ok) process.exitCode = 1
  if (options.json === true) {
    printJson({
      ok,
      blocks: found.blocks,
      requests: found.requests,
      sessions: found.sessions,
      problems: found.problems,
      differences: found.differences.map(({ sessionId, inferred, found: has, expected }) => ({
        session_id: sessionId,
        inferred,
        found: has === null ? null : sums(has),
        expected: expected === null ? null : sums(expected),
      })),
      lines_checked: found.linesChecked,
      bad_lines: found.badLines,
    })
    return
  }
  found.problems.forEach(remarkNotice)
  for (const { sessionId, found: has, expected } of found.differences) {
    printLine(`${sessionId}: the index says ${text(has)}, the archive ${text(expected)}`)
  }
  for (const seq of found.badLines) printLine(`request ${String(seq)}: its line is not what was read`)
  printLine(
    `${String(found.blocks)} blocks, ${String(found.requests)} requests, ${String(found.sessions)} sessions` +
      `${found.linesChecked === null ? '' : `, ${String(found.linesChecked)} lines`}: ${ok ? 'all is as it was written' : 'not all is well'}`,
  )
}

/** The columns of index/queries/compare.ts. */
function sums(values: readonly number[]) {
  const [rounds = 0, input = 0, output = 0, cached = 0, reasoning = 0, cost = 0, unpriced = 0] = values
  return {
    rounds,
    input_tokens: input,
    output_tokens: output,
    cached_tokens: cached,
    reasoning_tokens: reasoning,
    cost_usd: toUsd(cost),
    unpriced_rounds: unpriced,
  }
}

function text(values: readonly number[] | null): string {
  return values === null ? 'nothing of it' : JSON.stringify(sums(values))
}
