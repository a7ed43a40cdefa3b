import type { History } from '../harness/contract/events.ts'
import { formatHistory } from '../harness/history/lines.ts'
import { comparedExamples, examples } from '../harness/invariants/examples/index.ts'
import { emptyPlan } from '../harness/invariants/examples/types.ts'
import { comparisons, invariants } from '../harness/invariants/index.ts'
import type { Promised, Violation } from '../harness/invariants/types.ts'

/**
 * Returns the statement and the source of an invariant or comparison, and an example that violates it. Returns undefined for
 * an unknown id.
 */
export function explainInvariant(id: string): string | undefined {
  const promised = [...invariants, ...comparisons].find((one) => one.id === id)
  return promised === undefined ? undefined : [...formatFacts(promised), '', ...formatExample(id)].join('\n')
}

const levels: Record<Promised['level'], string> = {
  must: 'must (a violation fails the run)',
  should: 'should (a violation is only reported)',
}

function formatFacts({ id, level, statement, source, since, needs }: Promised): string[] {
  return [
    id,
    statement,
    '',
    `level   ${levels[level]}`,
    `source  ${source.replaceAll(/[;,] (?=https:)/g, '\n        ')}`,
    `since   version ${since}`,
    `needs   ${needs.length === 0 ? 'nothing: it is checked on every runtime' : `a runtime that supports ${needs.join(', ')}`}`,
  ]
}

function formatExample(id: string): string[] {
  const invariant = invariants.find((one) => one.id === id)
  const broken = examples[id]?.breaks[0]
  if (invariant !== undefined && broken !== undefined) {
    const { history, plan = emptyPlan } = broken
    return [
      'A history that violates it (^ marks each violation):',
      ...markViolations(history, invariant.check(history, plan)),
    ]
  }
  const comparison = comparisons.find((one) => one.id === id)
  const histories = comparedExamples[id]?.breaks[0]?.histories
  if (comparison === undefined || histories === undefined) return []
  const { own, others } = histories
  return [
    'Two histories of one plan that violate it (^ marks each violation):',
    ...markViolations(own, comparison.compare(own, others, emptyPlan)),
    ...others.flatMap((other) => ['compared with:', ...markViolations(other, [])]),
  ]
}

/** Returns the lines of a history, with each violation below the event that shows it. */
function markViolations(history: History, violations: readonly Violation[]): string[] {
  return formatHistory(history).flatMap((line, at) => [
    `  ${line}`,
    ...violations.filter((violation) => violation.at === at).map(({ message }) => `  ^ ${message}`),
  ])
}
