import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Part of the name of every test that reads the collected recordings. These tests are skipped if the recordings are absent.
 */
const NEEDS_SHARED = '(needs ../shared)'

/** A Vitest reporter that ends a run with the skipped tests, the reason, and one line of counts for CI systems. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const withState = (state: string) => tests.filter((test) => test.result().state === state)
    // A module that cannot be loaded and an error outside any test count as failures.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    for (const line of listSkipped(withState('skipped'))) console.log(line)
    console.log(
      `${withState('passed').length} passed, ${withState('failed').length + broken} failed, ${withState('skipped').length} skipped`,
    )
  }
}

function listSkipped(skipped: readonly TestCase[]): string[] {
  const others = skipped.filter(({ fullName }) => !fullName.includes(NEEDS_SHARED))
  const count = skipped.length - others.length
  return [
    ...(count === 0 ? [] : [`skipped: ${count} tests that need the folder ../shared beside this clone`]),
    ...others.map(({ fullName }) => `skipped: ${fullName}`),
  ]
}
