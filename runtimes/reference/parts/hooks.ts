import type { AgentResponse } from '../agent-response.ts'
import type { ContextProvider } from '../context-provider.ts'
import type { Ending } from '../ending.ts'

/** Which hooks are called, and with which arguments. */
export interface HookParts {
  /** Returns the context providers whose `beforeRun` is called before the run's nth request, counted from 0. */
  providersBefore(providers: readonly ContextProvider[], request: number): readonly ContextProvider[]
  /** Returns the response for `afterRun`. Returns undefined if `afterRun` must not be called. */
  forAfterRun(ending: Ending<AgentResponse>): AgentResponse | undefined
  /** Calls `afterRun` before the run ends. */
  afterRun(call: () => Promise<void>): Promise<void>
  /** Returns the transform hooks to call for an update. */
  transformHooks<H>(hooks: readonly H[], update: unknown): readonly H[]
  /** Returns the result for the result hooks. Returns undefined if they must not be called. */
  forResultHooks<R>(ending: Ending<R>): R | undefined
  /** Returns the cleanup hooks to call. */
  cleanupHooks<H>(hooks: readonly H[], ending: Ending<unknown>): readonly H[]
}

export const soundHooks: HookParts = {
  providersBefore: (providers, request) => (request === 0 ? providers : []),
  forAfterRun: resultOf,
  afterRun: (call) => call(),
  transformHooks: (hooks) => hooks,
  forResultHooks: resultOf,
  cleanupHooks: (hooks) => hooks,
}

function resultOf<R>(ending: Ending<R>): R | undefined {
  return ending.kind === 'completed' ? ending.result : undefined
}
