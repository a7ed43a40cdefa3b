import { execute } from '../execute/execute.ts'
import { NotReached, type RunPlan } from '../explore.ts'
import type { History } from '../history/events.ts'
import type { Runtime } from '../runtime.ts'
import type { Journal } from './journal.ts'
import type { Lost, Settings } from './settings.ts'

/** Over http, where time is real, a breach of the bound is run again with so many times of it before it is believed. */
const PATIENCE = 10

/** After so many plans of a case that a worker did not survive, the rest of the case is not run. */
const MOST_LOSSES = 2

/** Runs the plans of one case, each told to the journal first; what a worker before this one did not survive is not run. */
export function planRunner(
  runtime: Runtime,
  fatal: readonly Lost[],
  transport: Settings['transport'],
  journal: Journal,
): RunPlan {
  let losses = 0
  let executions = 0
  return async (plan) => {
    const here = executions++
    const fate = fatal.find(({ execution }) => execution === here)
    if (losses >= MOST_LOSSES)
      throw new NotReached(`its process did not survive ${losses} plans of it, the rest was not run`)
    journal.execution()
    if (fate) {
      losses++
      return { history: lostHistory(fate), lost: true }
    }
    const history = await execute(runtime, plan, { transport })
    if (transport !== 'http' || !history.some(hangs)) return { history }
    executions++
    journal.execution()
    return { history: await execute(runtime, plan, { transport, patience: PATIENCE }) }
  }
}

function hangs(event: History[number]): boolean {
  return event.kind === 'run.end' && event.outcome.status === 'hung'
}

/** All that is left of a plan that its process did not survive. */
function lostHistory({ how, message }: Lost): History {
  return how === 'died'
    ? [{ kind: 'noise', what: 'exit', message }]
    : [
        { kind: 'run.start', run: 'c0.t0', turn: 0, input: '', session: 'history', stream: false },
        {
          kind: 'run.end',
          run: 'c0.t0',
          outcome: { status: 'hung', text: '', error: { name: 'Hung', message } },
        },
      ]
}
