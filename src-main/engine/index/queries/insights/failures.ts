import type { FailureRow, FailuresInsight, InsightRange } from '../../../../contract/index'
import { toUsd } from '../../../pricing/cost'
import { compareNames } from '../../database/names'
import type { SessionIndex } from '../../tables/session-index'
import { int } from '../../database/sql'
import { STATUSES, statusNumber } from '../../sums/status'
import { rowTest } from '../usage-filter'
import { groupRows, type Group, type KeyOf } from '../usage-groups'
import { EMPTY_GROUP, usageTotals } from '../totals'
import { daysOf, wholeDays } from './days'

const OK = statusNumber('ok')

/** Failed and cut-off rounds, and retries. Cost: one pass over `usage`, and the retries in the range. */
export function failuresInsight(index: SessionIndex, range: InsightRange): FailuresInsight {
  const { usage } = index
  const test = rowTest(index, wholeDays(index, range))
  const status: KeyOf = (at) => usage.status[at] ?? OK
  const failed = (at: number) => status(at) !== OK && (test === null || test(at))
  const model: KeyOf = (at) => usage.model[at] ?? 0
  const consumer: KeyOf = (at) => usage.consumer[at] ?? 0
  const [all, byStatus, models, consumers] = groupRows(usage, test, [() => 0, status, model, consumer])
  const [failedModels, failedConsumers] = groupRows(usage, failed, [model, consumer])
  const totals = (group: Group = EMPTY_GROUP) => usageTotals(group.sums, group.failed)
  return {
    section: 'failures',
    all: totals(all?.get(0)),
    byStatus: (['error', 'cut-off'] as const).map((name) => ({
      status: name,
      ...totals(byStatus?.get(STATUSES.indexOf(name))),
    })),
    byModel: rows(failedModels, models, (id) => index.models.nameOf(id)),
    byConsumer: rows(failedConsumers, consumers, (id) => index.consumers.nameOf(id)),
    retries: retries(index, range),
  }
}

function rows(
  failed: Map<number, Group> | undefined,
  all: Map<number, Group> | undefined,
  nameOf: (id: number) => string | null,
): FailureRow[] {
  return [...(failed ?? [])]
    .map(([id, group]) => {
      const { rounds, costUsd, unpricedRounds } = usageTotals(group.sums, group.failed)
      return { name: nameOf(id), rounds, of: all?.get(id)?.sums[0] ?? rounds, costUsd, unpricedRounds }
    })
    .sort((a, b) => (b.costUsd ?? 0) - (a.costUsd ?? 0) || b.rounds - a.rounds || compareNames(a.name, b.name))
}

function retries(index: SessionIndex, range: InsightRange): FailuresInsight['retries'] {
  const row = index.sql.get(
    'SELECT count(*), total(cost), count(*) - count(cost) FROM retry JOIN request USING (seq) WHERE day BETWEEN ? AND ?',
    [...daysOf(index, range)],
  )
  const [rounds, unpricedRounds] = [int(row?.[0]), int(row?.[2])]
  return { rounds, costUsd: rounds > 0 && rounds === unpricedRounds ? null : toUsd(int(row?.[1])), unpricedRounds }
}
