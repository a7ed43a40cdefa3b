import type { Reporter, TestModule } from 'vitest/node'

/** A Vitest reporter that closes a run with the one line that CI systems read. */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const of = (state: string) => tests.filter((test) => test.result().state === state).length
    // A module that does not load, and an error outside any test, are failures too.
    const broken = modules.filter((module) => module.errors().length > 0).length + errors.length
    console.log(`${of('passed')} passed, ${of('failed') + broken} failed, ${of('skipped')} skipped`)
  }
}
