import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Counterexample } from '../../harness/known/counterexample.ts'
import { readVariant, type Variant } from '../../harness/known/variant.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { readFolder } from './defect-files.ts'

/** The result for a variant: what it violates, although its behaviour is legal. */
export interface VariantResult extends Omit<Variant, 'edits'> {
  /** The number of plans that ran. */
  plans: number
  /** The ids of the invariants of level must that are violated. */
  violated: string[]
  /** The ids of the invariants of level should that are violated. */
  shoulds: string[]
  findings: VariantFinding[]
}

/** A violation by a variant. */
export interface VariantFinding extends Pick<Verdict, 'invariant' | 'level'> {
  scenario: string
  /** `flaky` if the violation did not come back at once. */
  verdict: 'violated' | 'flaky'
  cause: string
  message: string
  counterexample: Counterexample | null
}

/** Reads the variants of a runtime from the files in its folder `variants`. Throws if a file is not a variant. */
export async function readVariants(folder: string): Promise<Variant[]> {
  const files = await readFolder(folder, 'variants')
  return files.map(({ file, value }) => readVariant(value, file))
}

/**
 * Returns the result for a variant from its cases, and the reasons why some of its verdicts are missing. The name of a case
 * ends with the name of the variant.
 */
export function buildVariantResult(
  { edits: _, ...variant }: Variant,
  cases: readonly CaseResult[],
): { result: VariantResult; faults: string[] } {
  const own = cases.filter(({ scenario }) => scenario.endsWith(`/${variant.name}`))
  const findings = own.flatMap(({ scenario, verdicts }) =>
    verdicts.flatMap((one) => buildFinding(scenario.slice(0, -variant.name.length - 1), one)),
  )
  const listIds = (level: Verdict['level']) => [
    ...new Set(findings.filter((one) => one.level === level).map(({ invariant }) => invariant)),
  ]
  const faults = own.flatMap(({ scenario, verdicts }) => {
    const [unsaid] = verdicts.filter(({ verdict }) => verdict === 'missing' || verdict === 'harness-error')
    return unsaid ? [`${scenario}: ${unsaid.reason ?? unsaid.verdict}`] : []
  })
  if (own.length === 0) faults.push(`${variant.name}: no case of it ran`)
  const plans = own.reduce((sum, { verdicts }) => sum + Math.max(0, ...verdicts.map((one) => one.plans)), 0)
  return {
    result: { ...variant, plans, violated: listIds('must'), shoulds: listIds('should'), findings },
    faults,
  }
}

function buildFinding(scenario: string, verdict: Verdict): VariantFinding[] {
  if (verdict.verdict !== 'violated' && verdict.verdict !== 'flaky') return []
  const { invariant, level, cause = '', counterexample = null } = verdict
  const message = counterexample?.violations[0]?.message ?? ''
  return [{ invariant, level, scenario, verdict: verdict.verdict, cause, message, counterexample }]
}
