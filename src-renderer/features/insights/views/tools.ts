import { cost, named } from './cells'
import type { InsightView, Of, Words } from './view'

export function toolsView({ tools }: Of<'tools'>, words: Words): InsightView {
  const { t, format } = words
  const sum = (of: (tool: (typeof tools)[number]) => number) => tools.reduce((total, tool) => total + of(tool), 0)
  return {
    figures: [
      { label: t('insights.calls'), value: format.integer(sum(({ calls }) => calls)) },
      { label: t('insights.tools'), value: format.integer(tools.length) },
      { label: t('insights.resultBytes'), value: format.bytes(sum(({ resultBytes }) => resultBytes)) },
    ],
    note: t('insights.toolsNote'),
    tables: [
      {
        id: 'tools',
        title: t('insights.tools'),
        columns: [
          { label: t('insights.tool') },
          { label: t('insights.calls'), num: true },
          { label: t('insights.rounds'), num: true },
          { label: t('insights.costOfRounds'), num: true },
          { label: t('insights.argumentBytes'), num: true },
          { label: t('insights.results'), num: true },
          { label: t('insights.resultBytes'), num: true },
        ],
        rows: tools.map((tool) => ({
          key: tool.name,
          cells: [
            named(tool.name, ''),
            { text: format.integer(tool.calls) },
            { text: format.integer(tool.rounds) },
            cost(tool, words),
            { text: format.bytes(tool.argumentBytes) },
            { text: format.integer(tool.results) },
            { text: format.bytes(tool.resultBytes) },
          ],
        })),
      },
    ],
  }
}
