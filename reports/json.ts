import { harness } from '../harness/manifest.ts'
import { type RunReport, verdictsOf } from './run-report.ts'

/** The report for machines; readers ignore keys that they do not know. The replay of recordings draws nothing, so it has no seed. */
export function jsonReport(report: RunReport) {
  return {
    schema: 1,
    harness,
    seed: null,
    transport: report.transport,
    runtimes: report.runtimes,
    verdicts: verdictsOf(report).map(({ violation, ...verdict }) => ({
      ...verdict,
      ...(violation ? { counterexample: violation } : {}),
    })),
    leftOut: report.results
      .filter(({ leftOut }) => leftOut.length > 0)
      .map(({ recording, leftOut }) => ({ recording, leftOut })),
    faults: report.faults,
  }
}
