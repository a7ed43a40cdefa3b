import type { StaleEntry } from '../../harness/explore/judge.ts'
import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Ended } from './conform.ts'

/** What a `conform` process with `--json -` told. */
export interface Reported extends Ended {
  seed: number
  transport: string
  runtimes: { name: string; version: string }[]
  verdicts: Verdict[]
  stale: StaleEntry[]
  faults: string[]
}

/** Reads the report that a process wrote to stdout; throws where there is anything else. */
export function readReport(ended: Ended): Reported {
  try {
    return { ...ended, ...(JSON.parse(ended.stdout) as object) } as Reported
  } catch (error) {
    throw new Error(
      `${(error as Error).message}; ended with ${ended.code ?? ended.signal}; stderr: ${ended.stderr}; stdout: ${ended.stdout.slice(0, 500)}`,
    )
  }
}
