import { AsyncLocalStorage } from 'node:async_hooks'
import type { HookedAgent, HookPoint } from '../agent-hooks.ts'
import type { AgentRun } from '../agent-run.ts'
import type { StepCall } from './step-call.ts'

/** The storage for the states of calls. */
export interface CallStates {
  /** Runs a part of a call, so that `current` finds the state of the call inside it. */
  runWithin<T>(agent: HookedAgent, call: StepCall, work: () => T): T
  /** Returns the state of the call that is being executed. Returns undefined outside of a call. */
  findCurrent(agent: HookedAgent): StepCall | undefined
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
  createStates(): CallStates
  /** Called once for each instrumentation. */
  createHolders(): Holders
  /** Returns the name under which the hooks are registered for a call. */
  chooseHookName(call: StepCall): string
  /** Returns whether a new call must register the hooks. `holders` are the calls that already need them. */
  mustRegister(holders: ReadonlySet<StepCall>): boolean
  /** Returns whether a released call must remove the hooks. `holders` are the calls that still need them. */
  mustRemove(holders: ReadonlySet<StepCall>): boolean
  /** Returns the hooks to remove after a failed registration. `registered` are the hooks that were registered before it. */
  chooseRollback(registered: readonly HookPoint[]): readonly HookPoint[]
  /** Called if the agent rejects a hook. By default nothing happens, and the run has no step spans. */
  onRegistrationFailed(error: unknown, run: AgentRun): void
  /** Called if hooks are already gone when they must be removed. If it throws, the run fails. */
  onHooksLost(tell: () => void): void
  /** Called if a hook runs outside of an instrumented call. If it throws, the run fails. */
  onStateMissing(): void
}

export const soundStepParts: StepParts = {
  createStates: createPerCallStates,
  // The key is the agent itself, because a rebuilt agent has the same name. The map is weak, so agents can be collected.
  createHolders: () => new WeakMap<HookedAgent, Set<StepCall>>(),
  chooseHookName: () => 'react-step',
  mustRegister: (holders) => holders.size === 0,
  mustRemove: (holders) => holders.size === 0,
  chooseRollback: (registered) => registered,
  onRegistrationFailed() {},
  onHooksLost: (tell) => tell(),
  onStateMissing() {},
}

/**
 * Returns a storage that uses `AsyncLocalStorage` and enters it for each pull. A stream may be pulled from any async context.
 * With `enterWith`, the state would stay in the context of the caller.
 */
function createPerCallStates(): CallStates {
  const storage = new AsyncLocalStorage<StepCall>()
  return {
    runWithin: (_, call, work) => storage.run(call, work),
    findCurrent: () => storage.getStore(),
    forget() {},
  }
}
