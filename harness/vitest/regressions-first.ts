import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Sorts the scenario regressions before all other test files. */
export default class RegressionsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isRegressions), ...sorted.filter((file) => !isRegressions(file))]
  }
}

function isRegressions({ moduleId }: TestSpecification): boolean {
  return basename(moduleId) === 'regressions.ts'
}
