import { relative } from 'node:path'
import type { Reporter, TestCase, TestModule } from 'vitest/node'

/**
 * Part of the name of every test that reads the collected recordings. These tests are skipped if the recordings are absent.
 */
const NEEDS_SHARED = '(needs ../shared)'

/**
 * A Vitest reporter that closes a run: a line for each failure, since a log may be read from its end alone; what was left
 * out and why; and the one line that CI systems read.
 */
export default class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly ErrorLike[]): void {
    const tests = modules.flatMap((module) => [...module.children.allTests()])
    const inState = (state: string) => tests.filter((test) => test.result().state === state)
    const failed = [
      ...inState('failed').map((test) =>
        describeFailure(test.module, test.fullName, test.result().errors ?? []),
      ),
      ...modules.flatMap((module) =>
        module.errors().length === 0 ? [] : [describeFailure(module, 'does not load', module.errors())],
      ),
      ...errors.map(({ message }) => `failed: outside any test: ${firstLine(message)}`),
    ]
    for (const line of [...failed, ...listSkipped(inState('skipped'))]) console.log(line)
    console.log(
      `${inState('passed').length} passed, ${failed.length} failed, ${inState('skipped').length} skipped`,
    )
  }
}

interface ErrorLike {
  message: string
}

function describeFailure(module: TestModule, what: string, errors: readonly ErrorLike[]): string {
  const file = relative(process.cwd(), module.moduleId)
  return `failed: ${file}: ${what}: ${firstLine(errors[0]?.message ?? 'no message')}`
}

/** Returns the first line, cut to a length that a log shows whole. */
function firstLine(message: string): string {
  const [line = ''] = message.split('\n', 1)
  return line.slice(0, 300)
}

function listSkipped(skipped: readonly TestCase[]): string[] {
  const others = skipped.filter(({ fullName }) => !fullName.includes(NEEDS_SHARED))
  const count = skipped.length - others.length
  return [
    ...(count === 0 ? [] : [`skipped: ${count} tests that need the folder ../shared beside this clone`]),
    ...others.map(({ fullName }) => `skipped: ${fullName}`),
  ]
}
