import { resolve } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import type { ModelPrice, PricedModel } from '../../contract/index'
import { Engine } from '../../engine/engine'
import { NO_MODEL } from '../../engine/export/finops'
import { engineOptions, remarkNotice, type CommonOptions } from '../context/open-store'
import { tellOpening } from '../context/opening'
import { dataDirOption, dayStart, examples, jsonOption } from '../context/options'
import { printJson, printTable, remark } from '../terminal/output'

interface PricesOptions extends CommonOptions {
  readonly set?: string
  readonly input?: number
  readonly output?: number
  readonly cacheRead?: number
  readonly cacheWrite?: number
  /** YYYY-MM-DD; when it begins depends on the zone whose days count in the store. */
  readonly from?: string
  readonly reset?: string
  readonly import?: string
  readonly export?: string
}

export function pricesCommand(): Command {
  return new Command('prices')
    .description('what each model costs and from where that is known; or set your own prices')
    .option('--set <model>', 'set your own price of a model: needs --input and --output')
    .option('--input <usd>', 'USD per million input tokens', usd)
    .option('--output <usd>', 'USD per million output tokens', usd)
    .option('--cache-read <usd>', 'USD per million cached tokens; as input where left out', usd)
    .option('--cache-write <usd>', 'USD per million tokens written to the cache; as input where left out', usd)
    .option('--from <day>', 'the price holds from this day on; always where left out', day)
    .option('--reset <model>', 'take your own price back: the published one holds again')
    .option('--import <file>', 'take in prices that --export wrote')
    .option('--export <file>', 'write your own prices to a file')
    .addOption(dataDirOption())
    .addOption(jsonOption())
    .addHelpText(
      'after',
      examples('prices --json', 'prices --set my-model --input 0.5 --output 2', 'prices --reset my-model'),
    )
    .action(prices)
}

function usd(text: string): number {
  const value = Number(text)
  if (!/^\d+(\.\d+)?$/.test(text) || value > 100_000) throw new InvalidArgumentError('Expected USD, 0 to 100000.')
  return value
}

function day(text: string): string {
  if (dayStart(text, 'UTC') === null) throw new InvalidArgumentError('Expected a day, such as 2026-02-01.')
  return text
}

async function prices(options: PricesOptions): Promise<void> {
  const writes = options.set !== undefined || options.reset !== undefined || options.import !== undefined
  const { set, input, output, cacheRead, cacheWrite, from } = options
  if (set === undefined && [input, output, cacheRead, cacheWrite, from].some((value) => value !== undefined)) {
    throw new InvalidArgumentError('A price needs --set, with the model it is of.')
  }
  const inStore = engineOptions(options)
  const start = from === undefined ? null : dayStart(from, inStore.timeZone)
  const engine = await Engine.open({ ...inStore, mode: writes ? 'write' : 'read' }, tellOpening(writes))
  engine.on('notice', remarkNotice)
  try {
    if (options.set !== undefined) setPrice(engine, options.set, options, start)
    if (options.reset !== undefined) engine.resetPrice(options.reset)
    if (options.import !== undefined) remark(`${String(engine.importPrices(resolve(options.import)))} prices taken in.`)
    if (options.export !== undefined) remark(`${String(engine.exportPrices(resolve(options.export)))} prices written.`)
    if (writes || options.export !== undefined) return
    const { models } = engine.prices()
    if (options.json === true) printJson(models.map(priceEntry))
    else printPrices(models)
  } finally {
    // Ends when the history is priced anew.
    await engine.close()
  }
}

/** `from`: ms since the epoch; null: always. */
function setPrice(engine: Engine, model: string, options: PricesOptions, from: number | null): void {
  const { input, output } = options
  if (input === undefined || output === undefined) {
    throw new InvalidArgumentError('--set needs --input and --output.')
  }
  engine.setPrice({
    model,
    input,
    output,
    cacheRead: options.cacheRead ?? null,
    cacheWrite: options.cacheWrite ?? null,
    cacheWriteHour: null,
    reasoning: null,
    from,
  })
}

/** An entry of `prices --json`; its field names are stable. Prices in USD per million tokens. */
function priceEntry({ model, price, own, varies, ...usage }: PricedModel) {
  return {
    model: model ?? NO_MODEL,
    rounds: usage.rounds,
    cost_usd: usage.costUsd,
    unpriced_rounds: usage.unpricedRounds,
    price: price === null ? null : rates(price),
    own_price: own !== null,
    varies,
  }
}

function rates(price: ModelPrice) {
  return {
    input: price.input,
    output: price.output,
    cache_read: price.cacheRead,
    cache_write: price.cacheWrite,
    cache_write_hour: price.cacheWriteHour,
    reasoning: price.reasoning,
    matched_model: price.matchedModel,
    rules: price.rules,
    source: price.source.kind,
    source_name: price.source.name,
    source_url: price.source.url,
    source_date: price.source.date,
  }
}

function printPrices(models: readonly PricedModel[]): void {
  const rate = (value: number | null): string => (value === null ? '' : `$${String(value)}`)
  printTable(
    ['Model', 'Input/M', 'Cached/M', 'Output/M', 'Listed as', 'From'],
    models.map(({ model, price }) =>
      price === null
        ? [model ?? NO_MODEL, 'unknown', '', 'unknown', '', '']
        : [
            model ?? NO_MODEL,
            rate(price.input),
            rate(price.cacheRead),
            rate(price.output),
            `${price.matchedModel} (${price.rules.join(', ')})`,
            price.source.kind === 'user' ? 'set by you' : `${price.source.name} ${price.source.date}`,
          ],
    ),
    [1, 2, 3],
  )
}
