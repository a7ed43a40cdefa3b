import { harness } from '../harness/contract/harness.ts'
import { listNotes, listRuntimes, listStale, listVerdicts, type RunReport } from './run-report.ts'

/** Returns the report for machines. One seed always gives the same order. Readers should ignore unknown keys. */
export function buildJsonReport(report: RunReport) {
  return {
    schema: 1,
    harness,
    seed: report.seed,
    ...(report.runs === undefined ? {} : { runs: report.runs }),
    transport: report.transport,
    isolation: report.isolation,
    ...(report.against === undefined ? {} : { against: report.against }),
    ...(report.partial ? { partial: true } : {}),
    runtimes: listRuntimes(report),
    // A history has a file of its own.
    verdicts: listVerdicts(report).map(({ history: _, ...verdict }) => verdict),
    stale: listStale(report),
    leftOut: report.results
      .filter(({ leftOut }) => leftOut.length > 0)
      .map(({ runtime, scenario, leftOut }) => ({ runtime, scenario, leftOut })),
    notes: listNotes(report),
    faults: report.faults,
  }
}
