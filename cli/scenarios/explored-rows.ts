import { findCacheFolder } from '../../harness/environments/cache.ts'
import { prepareEnvironment } from '../../harness/environments/prepare.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { chooseScenarioFile, selectVersion } from './chosen.ts'
import { runScenarios } from './run-scenarios.ts'
import type { RuntimeRow } from './zoo.ts'

/** A red row with the result of exploration: plans that its version violates and the version of the green row does not. */
export interface ExploredRow extends RuntimeRow {
  /** The version of the green row. */
  good: string
  seed: number
  verdict: Pick<Verdict, 'verdict' | 'plans' | 'reason' | 'counterexample'>
}

/** Returns each red row that has a green row for the same plan and invariant, with the version of the green row. */
export function pairRows(rows: readonly RuntimeRow[]): { red: RuntimeRow; good: string }[] {
  return rows.flatMap((red) => {
    const { seed, invariant, colour } = red.row
    const green = rows.find(
      ({ runtime, row }) =>
        runtime === red.runtime && row.colour === 'green' && row.seed === seed && row.invariant === invariant,
    )
    if (colour !== 'red' || green === undefined) return []
    return [{ red, good: green.row.version }]
  })
}

/** Searches for the bug of a red row with generated plans of its scenario. */
export async function exploreRow(
  { red, good }: { red: RuntimeRow; good: string },
  { seed, runs }: { seed: number; runs: number },
): Promise<ExploredRow> {
  const { subject, row } = red
  const [scenario = ''] = row.scenario.split('/')
  const ready = await prepareEnvironment(subject, findCacheFolder())
  const other = await prepareEnvironment(
    selectVersion({ name: red.runtime, folder: subject.folder }, good),
    findCacheFolder(),
  )
  const { invariant } = row
  const isRemote = hasManifest(subject.folder)
  const { results, faults } = await runScenarios({
    subjects: [isRemote ? { ...ready, against: other } : ready],
    scenarios: [scenario],
    settings: { seed, runs, invariants: [invariant] },
  })
  const verdicts = results.filter((one) => one.scenario === scenario).flatMap((one) => one.verdicts)
  const left = isRemote ? verdicts : await omitShared(verdicts, other, invariant)
  // A rule that is broken has one verdict for each cause, and some may be flaky.
  const verdict = left.find((one) => one.verdict === 'violated') ?? left[0]
  const [fault = 'the exploration gave no verdict'] = faults
  return {
    ...red,
    good,
    seed,
    verdict: verdict ?? { verdict: 'harness-error', plans: 0, reason: fault },
  }
}

/**
 * Returns the verdicts. Of the violations, it keeps those whose plan puts the rule to the test on the other version, and does not break it there. Two versions of an adapter must
 * not share a process, because they share what the package keeps in `globalThis`. So `against` cannot compare them.
 */
async function omitShared(
  verdicts: readonly Verdict[],
  other: Subject,
  invariant: string,
): Promise<ExploredRow['verdict'][]> {
  const left: ExploredRow['verdict'][] = []
  for (const verdict of verdicts) {
    const { counterexample, plans, cause } = verdict
    if (verdict.verdict !== 'violated' || counterexample === undefined) {
      left.push(verdict)
      continue
    }
    const { scenario, plan } = counterexample
    const { results } = await runScenarios({
      subjects: [{ ...other, replay: { scenario, plan } }],
      scenarios: [chooseScenarioFile('regressions')],
      settings: { seed: 0, runs: 1, invariants: [invariant] },
    })
    const told = results.flatMap((one) => one.verdicts)
    const differs = (one: Verdict) =>
      one.verdict === 'holds' || (one.verdict === 'violated' && one.cause !== cause)
    left.push(told.length > 0 && told.every(differs) ? verdict : { verdict: 'holds', plans })
  }
  return left
}
