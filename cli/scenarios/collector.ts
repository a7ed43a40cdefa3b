import type { Reporter, TestCase } from 'vitest/node'
import type { CaseResult } from '../../reports/run-report.ts'

/** A Vitest reporter that prints nothing: it gathers the verdicts that the tests carry. */
export class Collector implements Reporter {
  readonly results: CaseResult[] = []
  /** What went wrong outside any case, one line each. */
  readonly faults: string[] = []

  onTestCaseResult(test: TestCase): void {
    const { verdicts, stale = [], leftOut = [] } = test.meta()
    const { name: scenario, project } = test
    if (verdicts) this.results.push({ runtime: project.name, scenario, verdicts, stale, leftOut })
    else if (test.result().state === 'failed')
      this.faults.push(`${project.name}, ${scenario}: ${test.result().errors?.[0]?.message ?? 'no verdict'}`)
  }

  /** A file that could not be loaded or was lost has errors of its own. */
  onTestModuleEnd(module: Parameters<NonNullable<Reporter['onTestModuleEnd']>>[0]): void {
    for (const { message } of module.errors()) this.faults.push(`${module.project.name}: ${message}`)
  }

  has(runtime: string, scenario: string): boolean {
    return this.results.some((one) => one.runtime === runtime && one.scenario === scenario)
  }
}
