import { resolve } from 'node:path'
import { Command } from 'commander'
import { Engine } from '../../engine/engine'
import { importSessions } from '../../engine/import/import-sessions'
import { engineOptions, remarkNotice, type CommonOptions } from '../context/open-store'
import { tellOpening } from '../context/opening'
import { dataDirOption, examples, jsonOption } from '../context/options'
import { printJson, printLine, remark } from '../terminal/output'

export function importCommand(): Command {
  return new Command('import')
    .description('take over a folder of session files that the original monitor kept (its --output-dir)')
    .argument('<folder>', 'the folder, or one session file')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      `${examples('import ./sessions')}\n\nRead the logs that are still there first: what they hold is told better by them, and is not taken over again.`,
    )
    .action(importFrom)
}

async function importFrom(folder: string, options: CommonOptions): Promise<void> {
  const engine = await Engine.open(engineOptions(options), tellOpening(true))
  try {
    engine.notices.forEach(remarkNotice)
    const result = await importSessions(engine, resolve(folder))
    for (const file of result.otherFiles) remark(`Not a session file, passed over: ${file}`)
    for (const error of result.unreadable) remarkNotice(error.toAppError())
    if (result.unreadable.length > 0) process.exitCode = 1
    if (options.json === true) {
      printJson({
        files: result.files,
        sessions: result.sessions,
        imported_rounds: result.imported,
        rounds_already_here: result.alreadyHere,
        guessed_reasoning_tokens_left_out: result.guessesLeftOut,
        other_files: result.otherFiles,
        unreadable_files: result.unreadable.map(({ where }) => where),
      })
      return
    }
    printLine(
      `${String(result.sessions)} sessions: ${String(result.imported)} rounds taken over, ` +
        `${String(result.alreadyHere)} were here already.`,
    )
    if (result.guessesLeftOut > 0) {
      printLine(
        `In ${String(result.guessesLeftOut)} rounds the original had guessed the reasoning tokens; these were left out.`,
      )
    }
    printLine('Times are those at which the original read its log.')
  } finally {
    await engine.close()
  }
}
