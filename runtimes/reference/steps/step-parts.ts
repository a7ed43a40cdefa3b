import { AsyncLocalStorage } from 'node:async_hooks'
import type { HookedAgent, HookPoint } from '../agent-hooks.ts'
import type { AgentRun } from '../agent-run.ts'
import type { StepCall } from './step-call.ts'

/** Where the states of calls are kept. */
export interface CallStates {
  /** Does a piece of a call's work where its state is found. */
  within<T>(agent: HookedAgent, call: StepCall, work: () => T): T
  /** The state of the call whose work this is; undefined where it is no call's. */
  current(agent: HookedAgent): StepCall | undefined
  /** The call is over. */
  forget(agent: HookedAgent, call: StepCall): void
}

/** The calls for which an agent's hooks are registered; none: they are not. */
export interface Holders {
  get(agent: HookedAgent): Set<StepCall> | undefined
  set(agent: HookedAgent, calls: Set<StepCall>): void
  delete(agent: HookedAgent): void
}

/** The decisions that the step instrumentation rests on. The defects replace some; nothing else ever does. */
export interface StepParts {
  /** Made once an instrumentation. */
  states(): CallStates
  /** Made once an instrumentation. */
  holders(): Holders
  /** The name under which a call's hooks are registered with its agent. */
  hookName(call: StepCall): string
  /** Whether a call that comes to these registers the hooks. */
  registers(holders: ReadonlySet<StepCall>): boolean
  /** Whether a call that has left these behind removes the hooks. */
  removes(holders: ReadonlySet<StepCall>): boolean
  /** Which of the hooks that were registered before one failed are removed. */
  rolledBack(registered: readonly HookPoint[]): readonly HookPoint[]
  /** What becomes of a run whose agent does not take the hooks: nothing, it runs without steps. */
  registrationFailed(error: unknown, run: AgentRun): void
  /** What becomes of hooks that are gone when they are to be removed: what it throws reaches the run. */
  hooksLost(tell: () => void): void
  /** What a hook does that is called for a run without state: what it throws reaches the run. */
  stateless(): void
}

export const soundStepParts: StepParts = {
  states: perCall,
  // Keyed by the agent itself: its name may be another's after it, and no entry outlives it.
  holders: () => new WeakMap<HookedAgent, Set<StepCall>>(),
  hookName: () => 'react-step',
  registers: (holders) => holders.size === 0,
  removes: (holders) => holders.size === 0,
  rolledBack: (registered) => registered,
  registrationFailed() {},
  hooksLost: (tell) => tell(),
  stateless() {},
}

/**
 * In `AsyncLocalStorage`, entered for each pull by itself: a stream may be pulled from any context, and a state that was
 * entered for good would stay with whoever pulled.
 */
function perCall(): CallStates {
  const storage = new AsyncLocalStorage<StepCall>()
  return {
    within: (_, call, work) => storage.run(call, work),
    current: () => storage.getStore(),
    forget() {},
  }
}
