import { describeTransport } from '../../mocks/transports.ts'
import type { History } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import { NotReachedError, type RunPlan } from '../explore/run-plan.ts'
import type { BuiltIns } from '../observe/built-ins.ts'
import type { TrafficWatch } from '../observe/egress/outside.ts'
import type { Plan } from '../plan/types.ts'
import { describeExcessWeight } from '../plan/weight.ts'
import type { Journal } from './journal.ts'
import type { Lost, Settings } from './settings.ts'

/** Factor for the time limit of a second try. Over http time is real, so a slow machine can exceed the first limit. */
const PATIENCE = 10

/** The setup for the executions of a case, or of its kept plans. The journal counts these executions. */
export interface PlanRunnerSetup {
  runtimeFor(plan: Plan): Runtime
  transport: Settings['transport']
  /** Records in the journal that the executions begin. */
  begin(): void
  journal: Pick<Journal, 'execution' | 'sign'>
  /** The executions that ended earlier workers. */
  fatal: readonly Lost[]
  /** Number of lost plans after which the remaining plans do not run. */
  mostLosses: number
  /** Called before each gate is opened. Only over http, where time is real. */
  delay?: () => Promise<void>
  /** Watches traffic of this process to other machines. */
  outside?: TrafficWatch
  /** Installs the runtime's built-ins while a plan runs, and the original ones while the harness checks. */
  builtIns?: BuiltIns
}

export interface PlanRunner {
  run: RunPlan
  /** Returns whether a plan that ended an earlier worker is still to come. */
  hasLostAhead(): boolean
}

/** Thrown for a plan that is too large for the harness. */
export class PlanTooHeavy extends Error {
  override name = 'PlanTooHeavy'
}

/** Returns a runner that records each execution in the journal. Plans that ended an earlier worker do not run again. */
export function createPlanRunner({
  runtimeFor,
  transport,
  begin,
  journal,
  fatal,
  mostLosses,
  delay,
  outside,
  builtIns,
}: PlanRunnerSetup): PlanRunner {
  let losses = 0
  const executePlan = (runtime: Runtime, plan: Plan, patience?: number) => {
    const work = () =>
      execute(runtime, plan, {
        transport,
        ...(patience === undefined ? {} : { patience }),
        ...(outside ? { outside } : {}),
        ...(delay ? { delay } : {}),
        sign: journal.sign,
      })
    return builtIns ? builtIns.asRuntimeHas(work) : work()
  }
  let executions = 0
  const record = () => {
    if (executions === 0) begin()
    executions++
    journal.execution()
  }
  return {
    async run(plan) {
      if (losses >= mostLosses)
        throw new NotReachedError(
          `its process did not survive ${losses} plans, so the remaining plans did not run`,
        )
      const fate = fatal.find(({ execution }) => execution === executions)
      record()
      if (fate) {
        losses++
        return { history: buildLostHistory(fate), lost: true }
      }
      const heavy = describeExcessWeight(plan)
      if (heavy !== undefined) throw new PlanTooHeavy(heavy)
      const runtime = runtimeFor(plan)
      const { sign } = journal
      const history = await executePlan(runtime, plan)
      if (describeTransport(transport).time === 'held' || !history.some(isHang)) return { history, sign }
      record()
      return { history: await executePlan(runtime, plan, PATIENCE), sign }
    },
    hasLostAhead: () => fatal.some(({ execution }) => execution >= executions),
  }
}

function isHang(event: History[number]): boolean {
  return event.kind === 'run.end' && event.outcome.status === 'hung'
}

/** Returns the history of a plan that ended its process. */
function buildLostHistory({ how, message }: Lost): History {
  switch (how) {
    case 'died':
      return [{ kind: 'noise', what: 'exit', message }]
    case 'hung':
      return [
        { kind: 'run.start', run: 'c0.t0', turn: 0, input: '', session: 'history', stream: false },
        {
          kind: 'run.end',
          run: 'c0.t0',
          outcome: { status: 'hung', text: '', error: { name: 'Hung', message } },
        },
      ]
  }
}
