import { AsyncLocalStorage } from 'node:async_hooks'
import type { HookedAgent, HookPoint } from '../agent-hooks.ts'
import type { AgentRun } from '../agent-run.ts'
import type { StepCall } from './step-call.ts'

/** The storage for the states of calls. */
export interface CallStates {
  /** Runs a part of a call, so that `current` finds the state of the call inside it. */
  within<T>(agent: HookedAgent, call: StepCall, work: () => T): T
  /** Returns the state of the call that is being executed. Returns undefined outside of a call. */
  current(agent: HookedAgent): StepCall | undefined
  /** Removes the state of a call that is over. */
  forget(agent: HookedAgent, call: StepCall): void
}

/** The calls that need an agent's hooks. If no call needs them, the hooks are not registered. */
export interface Holders {
  get(agent: HookedAgent): Set<StepCall> | undefined
  set(agent: HookedAgent, calls: Set<StepCall>): void
  delete(agent: HookedAgent): void
}

/** The decisions of the step instrumentation. A defect replaces some of them. No other code replaces one. */
export interface StepParts {
  /** Called once for each instrumentation. */
  states(): CallStates
  /** Called once for each instrumentation. */
  holders(): Holders
  /** Returns the name under which the hooks are registered for a call. */
  hookName(call: StepCall): string
  /** Returns whether a new call must register the hooks. `holders` are the calls that already need them. */
  registers(holders: ReadonlySet<StepCall>): boolean
  /** Returns whether a released call must remove the hooks. `holders` are the calls that still need them. */
  removes(holders: ReadonlySet<StepCall>): boolean
  /** Returns the hooks to remove after a failed registration. `registered` are the hooks that were registered before it. */
  rolledBack(registered: readonly HookPoint[]): readonly HookPoint[]
  /** Called if the agent rejects a hook. By default nothing happens, and the run has no step spans. */
  registrationFailed(error: unknown, run: AgentRun): void
  /** Called if hooks are already gone when they must be removed. If it throws, the run fails. */
  hooksLost(tell: () => void): void
  /** Called if a hook runs outside of an instrumented call. If it throws, the run fails. */
  stateless(): void
}

export const soundStepParts: StepParts = {
  states: perCall,
  // The key is the agent itself, because a rebuilt agent has the same name. The map is weak, so agents can be collected.
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
 * Returns a storage that uses `AsyncLocalStorage` and enters it for each pull. A stream may be pulled from any async context.
 * With `enterWith`, the state would stay in the context of the caller.
 */
function perCall(): CallStates {
  const storage = new AsyncLocalStorage<StepCall>()
  return {
    within: (_, call, work) => storage.run(call, work),
    current: () => storage.getStore(),
    forget() {},
  }
}
