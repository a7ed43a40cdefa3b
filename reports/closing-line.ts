import type { Reporter, TestCase, TestModule } from 'vitest/node'

/** Part of the name of every test that reads the collected recordings, and is left out where they are not. */
const NEEDS_SHARED = '(needs ../shared)'

/** A Vitest reporter that closes a run with what was left out and why, and the one line that CI systems read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const of = (state: string) => tests.filter((test) => test.result().state === state)
    // A module that does not load, and an error outside any test, are failures too.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    for (const line of leftOut(of('skipped'))) console.log(line)
    console.log(
      `${of('passed').length} passed, ${of('failed').length + broken} failed, ${of('skipped').length} skipped`,
    )
  }
}

function leftOut(skipped: readonly TestCase[]): string[] {
  const others = skipped.filter(({ fullName }) => !fullName.includes(NEEDS_SHARED))
  const count = skipped.length - others.length
  return [
    ...(count === 0 ? [] : [`left out: ${count} tests that need ../shared, which is not beside this clone`]),
    ...others.map(({ fullName }) => `left out: ${fullName}`),
  ]
}
