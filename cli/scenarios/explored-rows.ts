import { formatRelease } from '../../harness/environments/beside.ts'
import { findCacheFolder } from '../../harness/environments/cache.ts'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { prepareEnvironment } from '../../harness/environments/prepare.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { telemetryIsTransparent } from '../../harness/invariants/comparisons.ts'
import { defaultTransport } from '../../mocks/transports.ts'
import { runScenarios } from './run-scenarios.ts'
import { judgeByOther } from './shared-violations.ts'
import type { RuntimeRow } from './zoo.ts'

/** A red row with the result of exploration: plans that its version violates and the version of the green row does not. */
export interface ExploredRow extends RuntimeRow {
  /** The version of the green row, with its chosen packages. */
  good: string
  seed: number
  verdict: Pick<Verdict, 'verdict' | 'plans' | 'reason' | 'counterexample'>
}

/** Returns each red row that has a green row for the same plan and invariant, with the green row. */
export function pairRows(rows: readonly RuntimeRow[]): { red: RuntimeRow; green: RuntimeRow }[] {
  return rows.flatMap((red) => {
    const { seed, invariant, colour } = red.row
    const green = rows.find(
      ({ runtime, row }) =>
        runtime === red.runtime && row.colour === 'green' && row.seed === seed && row.invariant === invariant,
    )
    if (colour !== 'red' || green === undefined) return []
    return [{ red, green }]
  })
}

/** Searches for the bug of a red row with generated plans of its scenario. */
export async function exploreRow(
  { red, green }: { red: RuntimeRow; green: RuntimeRow },
  { seed, runs }: { seed: number; runs: number },
): Promise<ExploredRow> {
  const { subject, row } = red
  const [scenario = ''] = row.scenario.split('/')
  const ready = await prepareEnvironment(subject, findCacheFolder())
  const other = await prepareEnvironment(green.subject, findCacheFolder())
  const { invariant } = row
  const isRemote = hasManifest(subject.folder)
  const { results, faults } = await runScenarios({
    subjects: [isRemote ? { ...ready, against: other } : ready],
    scenarios: [scenario],
    // The comparison adds variants of each plan, in which telemetry is off or has sensitive data. The other version has none.
    settings: { seed, runs, invariants: isRemote ? [invariant] : [invariant, telemetryIsTransparent.id] },
  })
  const verdicts = results
    .filter((one) => one.scenario === scenario)
    .flatMap((one) => one.verdicts.filter((verdict) => verdict.invariant === invariant))
  const judged = isRemote ? undefined : (await judgeByOther(verdicts, other, defaultTransport)).judged
  const left = verdicts.map((one) => judged?.get(one) ?? one)
  // A rule that is broken has one verdict for each cause, and some may be flaky.
  const verdict = left.find((one) => one.verdict === 'violated') ?? left[0]
  const [fault = 'the exploration gave no verdict'] = faults
  return {
    ...red,
    good: formatRelease(green.row.version, green.row.beside),
    seed,
    verdict: verdict ?? { verdict: 'harness-error', plans: 0, reason: fault },
  }
}
