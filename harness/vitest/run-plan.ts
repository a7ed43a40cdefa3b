import type { History } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import { NotReached, type RunPlan } from '../explore/explore.ts'
import type { BuiltIns } from '../observe/built-ins.ts'
import type { Outside } from '../observe/egress/outside.ts'
import type { Plan } from '../plan/types.ts'
import { tooHeavy } from '../plan/weight.ts'
import type { Journal } from './journal.ts'
import type { Lost, Settings } from './settings.ts'

/** Over http, where time is real, a breach of the bound is run again with so many times of it before it is believed. */
const PATIENCE = 10

/** One line of executions, as the journal counts them: those of a case, or of its kept plans. */
export interface Counted {
  runtimeFor(plan: Plan): Runtime
  transport: Settings['transport']
  /** Tells the journal that the line begins. */
  begin(): void
  journal: Pick<Journal, 'execution' | 'sign'>
  /** What workers before this one did not survive of it. */
  fatal: readonly Lost[]
  /** After so many lost plans the rest is not run. */
  mostLosses: number
  /** Watches what this process sends to other machines. */
  outside?: Outside
  /** The runtime has its own built-ins while a plan runs, and the harness the originals when it judges. */
  builtIns?: BuiltIns
}

export interface PlanRunner {
  run: RunPlan
  /** Whether a plan that a worker did not survive is still to come. */
  lostAhead(): boolean
}

/** A plan that the harness cannot run and judge, whatever the runtime does. */
export class PlanTooHeavy extends Error {
  override name = 'PlanTooHeavy'
}

/** Runs plans, each told to the journal first; what a worker before this one did not survive is not run. */
export function planRunner({
  runtimeFor,
  transport,
  begin,
  journal,
  fatal,
  mostLosses,
  outside,
  builtIns,
}: Counted): PlanRunner {
  let losses = 0
  const executed = (runtime: Runtime, plan: Plan, patience?: number) => {
    const work = () =>
      execute(runtime, plan, {
        transport,
        ...(patience === undefined ? {} : { patience }),
        ...(outside ? { outside } : {}),
        sign: journal.sign,
      })
    return builtIns ? builtIns.asRuntimeHas(work) : work()
  }
  let executions = 0
  const tell = () => {
    if (executions === 0) begin()
    executions++
    journal.execution()
  }
  return {
    async run(plan) {
      if (losses >= mostLosses)
        throw new NotReached(
          `its process did not survive ${losses} plans, so the remaining plans did not run`,
        )
      const fate = fatal.find(({ execution }) => execution === executions)
      tell()
      if (fate) {
        losses++
        return { history: lostHistory(fate), lost: true }
      }
      const heavy = tooHeavy(plan)
      if (heavy !== undefined) throw new PlanTooHeavy(heavy)
      const runtime = runtimeFor(plan)
      const { sign } = journal
      const history = await executed(runtime, plan)
      if (transport !== 'http' || !history.some(hangs)) return { history, sign }
      tell()
      return { history: await executed(runtime, plan, PATIENCE), sign }
    },
    lostAhead: () => fatal.some(({ execution }) => execution >= executions),
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
