import { basename } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'
import type { Workers } from '../../harness/isolation/workers.ts'
import type { RecordedRun } from '../../harness/vitest/settings.ts'
import type { CaseResult } from '../../reports/run-report.ts'

/** An error outside any case. */
export interface Fault {
  runtime: string
  /** The name of the scenario file. */
  scenario: string
  message: string
}

/** A Vitest reporter that prints nothing. It collects the verdicts from the metadata of the tests. */
export class Collector implements Reporter {
  readonly #workers: Pick<Workers, 'isOf'>
  readonly results: CaseResult[] = []
  readonly recorded: RecordedRun[] = []
  faults: Fault[] = []
  /** Cases without a result so far, by runtime and name. */
  readonly #open = new Map<string, TestCase>()

  /** `workers` knows which worker runs which runtime. */
  constructor(workers: Pick<Workers, 'isOf'>) {
    this.#workers = workers
  }

  onTestModuleCollected(module: TestModule): void {
    for (const test of module.children.allTests()) this.#open.set(buildKey(test), test)
  }

  onTestCaseResult(test: TestCase): void {
    const { verdicts, stale = [], leftOut = [], notes = [], recorded, refused, history, token } = test.meta()
    const { name: scenario, project } = test
    // The worker tells it at once, and Vitest once more.
    if (!this.#open.delete(buildKey(test))) return
    const says = verdicts !== undefined || recorded !== undefined
    if (says && !this.#workers.isOf(project.name, token))
      this.#fault(test.module, `${scenario}: a result came from the process of another runtime`)
    else if (recorded) this.recorded.push(recorded)
    else if (verdicts)
      this.results.push({
        ...{ runtime: project.name, scenario, verdicts, stale, leftOut, notes },
        ...(refused === undefined ? {} : { refused }),
        ...(history === undefined ? {} : { history }),
      })
    else if (test.result().state === 'failed')
      this.#fault(test.module, `${scenario}: ${test.result().errors?.[0]?.message ?? 'no verdict'}`)
  }

  /** Adds the errors of a file that could not be loaded, or whose worker was lost. */
  onTestModuleEnd(module: TestModule): void {
    for (const { message } of module.errors()) this.#fault(module, message)
  }

  /** Removes and returns all results after the first `count`. */
  takeSince(count: number): CaseResult[] {
    return this.results.splice(count)
  }

  /** Adds a fault for each case without a result. */
  blameSilent(): void {
    for (const test of this.#open.values())
      this.#fault(test.module, `${test.name}: its process ended without a verdict or a reason`)
    this.#open.clear()
  }

  #fault({ project, moduleId }: TestModule, message: string): void {
    this.faults.push({ runtime: project.name, scenario: basename(moduleId, '.ts'), message })
  }
}

function buildKey({ name, project }: TestCase): string {
  return `${project.name}\n${name}`
}
