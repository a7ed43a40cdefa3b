import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Replay, Settings } from '../../harness/vitest/settings.ts'
import type { CaseResult } from '../../reports/run-report.ts'

/** Maximum number of flaky violations that are tried again. */
const MOST_RETRIES = 16

/** A violation that did not come back at once is tried in so many new processes, so often in each. */
const PROCESSES = 4
const RUNS_PER_PROCESS = 5

/** How a plan runs again. */
export interface Replayed extends Pick<Settings, 'invariants'> {
  replay: Replay
  transport?: Settings['transport']
}

/** Runs a plan in a new process and returns its verdicts. */
export type ReplayInNewProcess = (runtime: string, changes: Replayed) => Promise<Verdict[]>

/**
 * Tries each flaky violation again. First its plan runs once, as the first plan of a new process, because some bugs occur only
 * once per process. If the violation does not come back, the plan runs 20 times over http in other processes, with small random
 * delays before each gate, because some bugs depend on timing. If the violation comes back once, the verdict becomes violated.
 */
export async function recheckFlaky(
  results: readonly CaseResult[],
  seed: number,
  replayInNewProcess: ReplayInNewProcess,
): Promise<void> {
  const doubtful = results.flatMap(({ runtime, verdicts }) =>
    verdicts.flatMap((verdict) => (verdict.verdict === 'flaky' ? [{ runtime, verdict, verdicts }] : [])),
  )
  for (const { runtime, verdict, verdicts } of doubtful.slice(0, MOST_RETRIES)) {
    const again = await recheck(verdict, seed, (changes) => replayInNewProcess(runtime, changes))
    verdicts[verdicts.indexOf(verdict)] = again
  }
}

/** Returns the verdict of a flaky violation after it was tried again. */
async function recheck(
  verdict: Verdict,
  seed: number,
  replay: (changes: Replayed) => Promise<Verdict[]>,
): Promise<Verdict> {
  const { counterexample, scenario, invariant, cause, plans, witnesses, history } = verdict
  if (counterexample === undefined) return verdict
  const one: Replay = { scenario, plan: counterexample.plan, keepsHistory: true }
  const run = async (changes: Omit<Replayed, 'invariants'>) =>
    (await replay({ ...changes, invariants: [invariant] })).find(
      (said) => said.invariant === invariant && said.cause === cause && said.verdict === 'violated',
    )
  const asFound = (found: Verdict, reason: string): Verdict => ({
    ...found,
    plans,
    witnesses,
    times: verdict.times ?? 1,
    ...(history === undefined ? {} : { history }),
    reason: found.reason === undefined ? reason : `${found.reason}; ${reason}`,
  })
  const first = await run({ replay: one })
  if (first) return asFound(first, 'the violation occurs only in the first plan of a process')
  let times = 0
  let shown: Verdict | undefined
  for (let process = 0; process < PROCESSES; process++) {
    const repeat = { times: RUNS_PER_PROCESS, seed: seed + process }
    const found = await run({ replay: { ...one, repeat }, transport: 'http' })
    times += found?.times ?? 0
    shown ??= found
  }
  const runs = PROCESSES * RUNS_PER_PROCESS
  const how = `${times} of ${runs} runs over http with random delays (seed ${seed})`
  return shown === undefined
    ? { ...verdict, reason: `it came back in ${how}` }
    : asFound(shown, `it came back in ${how}`)
}
