import { cacheFolder } from '../../harness/environments/cache.ts'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { prepared } from '../../harness/environments/prepare.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { atVersion } from './chosen.ts'
import { runScenarios } from './run-scenarios.ts'
import type { Housed } from './zoo.ts'

/** A red row, explored for: what its version breaks and that of its green row keeps. */
export interface ExploredRow extends Housed {
  /** The version of the green row. */
  good: string
  seed: number
  verdict: Pick<Verdict, 'verdict' | 'plans' | 'reason' | 'counterexample'>
}

/** Each red row that has a green one of the same plan and invariant, with that one's version. */
export function pairsIn(rows: readonly Housed[]): { red: Housed; good: string }[] {
  return rows.flatMap((red) => {
    const { seed, invariant, colour } = red.row
    const green = rows.find(
      ({ runtime, row }) =>
        runtime === red.runtime && row.colour === 'green' && row.seed === seed && row.invariant === invariant,
    )
    if (colour !== 'red' || green === undefined || !hasManifest(red.subject.folder)) return []
    return [{ red, good: green.row.version }]
  })
}

/** Explores for a red row by its scenario's drawn plans alone. */
export async function exploreRow(
  { red, good }: { red: Housed; good: string },
  { seed, runs }: { seed: number; runs: number },
): Promise<ExploredRow> {
  const { subject, row } = red
  const [scenario = ''] = row.scenario.split('/')
  const ready = await prepared(subject, cacheFolder())
  const other = await prepared(atVersion({ name: red.runtime, folder: subject.folder }, good), cacheFolder())
  const { results, faults } = await runScenarios({
    subjects: [{ ...ready, against: other }],
    scenarios: [scenario],
    settings: {
      seed,
      runs,
      invariants: [row.invariant],
    },
  })
  const [verdict] = results.filter((one) => one.scenario === scenario).flatMap(({ verdicts }) => verdicts)
  const [fault = 'nothing was said of it'] = faults
  return {
    ...red,
    good,
    seed,
    verdict: verdict ?? { verdict: 'harness-error', plans: 0, reason: fault },
  }
}
