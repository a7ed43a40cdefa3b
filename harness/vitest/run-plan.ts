import { execute } from '../execute/execute.ts'
import type { RunPlan } from '../explore.ts'
import type { History } from '../history/events.ts'
import type { Runtime } from '../runtime.ts'
import type { Journal } from './journal.ts'
import type { Lost, Settings } from './settings.ts'

/** Over http, where time is real, a breach of the bound is run again with so many times of it before it is believed. */
const PATIENCE = 10

/** Runs the plans of one case, each told to the journal first; what a worker before this one did not survive is not run. */
export function planRunner(
  runtime: Runtime,
  scenario: string,
  { transport, lost }: Pick<Settings, 'transport' | 'lost'>,
  journal: Journal,
): RunPlan {
  const fatal = lost.filter((one) => one.runtime === runtime.name && one.scenario === scenario)
  let executions = 0
  return async (plan) => {
    const here = executions++
    journal.execution()
    const fate = fatal.find(({ execution }) => execution === here)
    if (fate) return { history: lostHistory(fate), lost: true }
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
    : [{ kind: 'run.end', run: 'c0.t0', outcome: { status: 'hung', text: '' } }]
}
