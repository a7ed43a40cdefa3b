import type { Counterexample } from '../../harness/known/counterexample.ts'
import { planScript } from '../plan-script.ts'

/** What a reproduction shows, line by line: what is broken, what was seen, and the conversation that shows it. */
export function shownBy({
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
    `${runtime} ${version} breaks ${invariant}`,
    '',
    statement,
    `(${source})`,
    '',
    ...violations.slice(0, 3).map(({ message }) => `Seen: ${message}`),
    '',
    ...planScript(plan),
    '',
  ]
}
