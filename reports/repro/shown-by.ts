import type { Counterexample } from '../../harness/known/counterexample.ts'
import { formatPlan } from '../plan-script.ts'

/** Returns the first lines of a script: the violated invariant, what was found, and the plan. */
export function formatViolationHead({
  counterexample,
  statement,
  source,
}: {
  counterexample: Counterexample
  statement: string
  source: string
}): string[] {
  const { invariant, runtime, version, plan, violations } = counterexample
  return [
    `${runtime} ${version} violates ${invariant}`,
    '',
    ...violations.slice(0, 3).map(({ message }) => `Found: ${message}`),
    `Rule: ${statement}`,
    `Source: ${source}`,
    '',
    'The plan:',
    ...formatPlan(plan).map((line) => `  ${line}`),
    '',
  ]
}
