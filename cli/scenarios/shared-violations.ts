import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Counterexample } from '../../harness/known/counterexample.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import type { TransportName } from '../../mocks/transports.ts'
import { chooseScenarioFile } from './chosen.ts'
import { runScenarios } from './run-scenarios.ts'

/**
 * Judges violations by another runtime: `judged` has `holds` for each that the other runtime has as well. A violation stays if its
 * plan puts the rule to the test on the other runtime and does not break it there with the same cause. known.yaml does not count.
 * Verdicts without a violation are not in `judged`.
 *
 * The other runtime runs in a process of its own: two versions of a package would share what it keeps in `globalThis`.
 */
export async function judgeByOther(
  verdicts: readonly Verdict[],
  other: Subject,
  transport: TransportName,
): Promise<{ judged: ReadonlyMap<Verdict, Verdict>; faults: string[] }> {
  const broken = verdicts.filter((one): one is Broken => one.counterexample !== undefined)
  if (broken.length === 0) return { judged: new Map(), faults: [] }
  const subjects = broken.map(({ counterexample: { scenario, plan } }, place) => ({
    ...other,
    name: `${other.name} (plan ${place})`,
    replay: { scenario, plan },
  }))
  const { results, faults } = await runScenarios({
    subjects,
    scenarios: [chooseScenarioFile('regressions')],
    settings: { seed: 0, runs: 1, transport, invariants: [...new Set(broken.map((one) => one.invariant))] },
  })
  const differs = ({ invariant, cause }: Verdict, place: number) => {
    const told = results
      .filter(({ runtime }) => runtime === subjects[place]?.name)
      .flatMap((one) => one.verdicts)
      .filter((one) => one.invariant === invariant)
    return told.length > 0 && told.every((one) => isWithout(one, cause))
  }
  const judge = (one: Broken, place: number): Verdict => {
    if (differs(one, place)) return { ...one, verdict: one.verdict === 'known' ? 'violated' : one.verdict }
    const { counterexample: _, cause: __, times: ___, history: ____, reason: _____, ...promised } = one
    return { ...promised, verdict: 'holds' }
  }
  return { judged: new Map(broken.map((one, place) => [one, judge(one, place)])), faults }
}

type Broken = Verdict & { counterexample: Counterexample }

/** Returns whether a verdict shows that a rule was put to the test and not broken with this cause. */
function isWithout(verdict: Verdict, cause: string | undefined): boolean {
  return verdict.verdict === 'holds' || (verdict.verdict === 'violated' && verdict.cause !== cause)
}
