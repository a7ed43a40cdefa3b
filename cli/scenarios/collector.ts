import { basename } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { RecordedRun } from '../../harness/vitest/settings.ts'
import type { CaseResult } from '../../reports/run-report.ts'

/** What went wrong outside any case. */
export interface Fault {
  runtime: string
  /** The scenario's file. */
  scenario: string
  message: string
}

/** A Vitest reporter that prints nothing: it gathers the verdicts that the tests carry. */
export class Collector implements Reporter {
  readonly results: CaseResult[] = []
  readonly recorded: RecordedRun[] = []
  faults: Fault[] = []

  onTestCaseResult(test: TestCase): void {
    const { verdicts, stale = [], leftOut = [], recorded } = test.meta()
    const { name: scenario, project } = test
    if (recorded) this.recorded.push(recorded)
    else if (verdicts) this.results.push({ runtime: project.name, scenario, verdicts, stale, leftOut })
    else if (test.result().state === 'failed')
      this.#fault(test.module, `${scenario}: ${test.result().errors?.[0]?.message ?? 'no verdict'}`)
  }

  /** A file that could not be loaded or was lost has errors of its own. */
  onTestModuleEnd(module: TestModule): void {
    for (const { message } of module.errors()) this.#fault(module, message)
  }

  #fault({ project, moduleId }: TestModule, message: string): void {
    this.faults.push({ runtime: project.name, scenario: basename(moduleId, '.ts'), message })
  }
}
