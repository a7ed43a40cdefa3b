import { basename } from 'node:path'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The order of test files: what broke once comes first, the rest as Vitest has it. */
export default class RegressionsFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files)
    return [...sorted.filter(isRegressions), ...sorted.filter((file) => !isRegressions(file))]
  }
}

function isRegressions({ moduleId }: TestSpecification): boolean {
  return basename(moduleId) === 'regressions.ts'
}
