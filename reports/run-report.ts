import type { RecordingVerdicts, Verdict } from '../harness/verdict.ts'
import type { TransportName } from '../mocks/transports.ts'

/** All that one call of `conform` found. */
export interface RunReport {
  transport: TransportName
  runtimes: { name: string; version: string }[]
  results: RecordingVerdicts[]
  /** What went wrong outside any verdict, one line each. */
  faults: string[]
}

/** All verdicts of a report, runtime by runtime, in the order of the recordings. */
export function verdictsOf(report: RunReport): Verdict[] {
  return report.results.flatMap(({ verdicts }) => verdicts)
}
