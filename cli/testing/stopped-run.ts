import { listDefaultSubjects } from '../../harness/vitest/projects.ts'
import { runScenarios } from '../scenarios/run-scenarios.ts'
import { waitForStop } from '../until-stopped.ts'

/** Runs scenarios without end, gets SIGTERM after the first case is done, and prints what the run gives. */
const stop = new AbortController()
void waitForStop().then(() => stop.abort())
let sent = false
const { results, faults, partial } = await runScenarios({
  subjects: listDefaultSubjects().filter(({ name }) => name === 'reference'),
  scenarios: ['regressions', 'sessions'],
  settings: { seed: 1, runs: 1_000_000 },
  workers: 1,
  stop: stop.signal,
  progress(_, cases) {
    if (cases > 0 && !sent) process.kill(process.pid, 'SIGTERM')
    sent ||= cases > 0
  },
})
process.stdout.write(JSON.stringify({ scenarios: results.map(({ scenario }) => scenario), faults, partial }))
// Vitest sets the exit code of a run that was cancelled.
process.exitCode = 0
