import { basename } from 'node:path'
import type { Scenario } from '../contract/scenario.ts'
import { formatRelease } from '../environments/beside.ts'
import { buildVerdict, type Verdict } from '../explore/verdict.ts'
import { selectPromises } from './cases.ts'
import type { Settings, Subject } from './settings.ts'

/** Returns the verdicts for a runtime that cannot run. A missing toolchain skips the checks, except with CI=true. */
export function buildUnloadableVerdicts(
  { name, folder, version, beside, unavailable }: Subject,
  scenario: string,
  value: Scenario,
  settings: Settings,
  reason: string,
): Verdict[] {
  const { invariants, comparisons } = selectPromises(value, settings)
  const named =
    version === undefined
      ? { runtime: name, version: '' }
      : { runtime: basename(folder), version: formatRelease(version, beside) }
  const subject = { ...named, scenario, mode: 'on' }
  const isSkipped = unavailable?.lacking === 'toolchain' && process.env['CI'] !== 'true'
  const finding = isSkipped
    ? ({
        verdict: 'not-applicable',
        plans: 0,
        reason: `this machine lacks its toolchain: ${reason}`,
      } as const)
    : ({ verdict: 'harness-error', plans: 0, reason } as const)
  return [...invariants, ...comparisons].map((promise) => buildVerdict(subject, promise, finding, undefined))
}
