import type { History } from '../harness/contract/events.ts'
import { linesOf } from '../harness/history/lines.ts'
import { comparedExamples, examples } from '../harness/invariants/examples/index.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import type { Promised, Violation } from '../harness/invariants/types.ts'

/** What an invariant or comparison states, where that comes from, and an example that breaks it; undefined for no such id. */
export function explained(id: string): string | undefined {
  const promised = [...invariants, ...comparisons].find((one) => one.id === id)
  return promised === undefined ? undefined : [...facts(promised), '', ...example(id)].join('\n')
}

function facts({ id, level, statement, source, since, needs }: Promised): string[] {
  return [
    id,
    statement,
    '',
    `level   ${level}`,
    `source  ${source.replaceAll(/[;,] (?=https:)/g, '\n        ')}`,
    `since   ${since}`,
    `needs   ${needs.length === 0 ? 'nothing of a runtime' : needs.join(', ')}`,
  ]
}

function example(id: string): string[] {
  const invariant = invariants.find((one) => one.id === id)
  const broken = examples[id]?.breaks[0]?.history
  if (invariant !== undefined && broken !== undefined)
    return ['A history that breaks it:', ...marked(broken, invariant.check(broken))]
  const comparison = comparisons.find((one) => one.id === id)
  const histories = comparedExamples[id]?.breaks[0]?.histories
  if (comparison === undefined || histories === undefined) return []
  const { own, others } = histories
  return [
    'Histories of one plan that break it:',
    ...marked(own, comparison.compare(own, others)),
    ...others.flatMap((other) => ['beside', ...marked(other, [])]),
  ]
}

/** A history with each violation below the event in which it was seen. */
function marked(history: History, violations: readonly Violation[]): string[] {
  return linesOf(history).flatMap((line, at) => [
    `  ${line}`,
    ...violations.filter((violation) => violation.at === at).map(({ message }) => `  ^ ${message}`),
  ])
}
