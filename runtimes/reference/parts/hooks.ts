import type { AgentResponse } from '../agent-response.ts'
import type { ContextProvider } from '../context-provider.ts'
import type { Ending } from '../ending.ts'

/** Which hooks are called, and with which arguments. */
export interface HookParts {
  /** Returns the context providers whose `beforeRun` is called before the run's nth request, counted from 0. */
  chooseProviders(providers: readonly ContextProvider[], request: number): readonly ContextProvider[]
  /** Returns the response for `afterRun`. Returns undefined if `afterRun` must not be called. */
  chooseAfterRunResponse(ending: Ending<AgentResponse>): AgentResponse | undefined
  /** Calls `afterRun` before the run ends. */
  callAfterRun(call: () => Promise<void>): Promise<void>
  /** Returns the transform hooks to call for an update. */
  chooseTransformHooks<H>(hooks: readonly H[], update: unknown): readonly H[]
  /** Returns the result for the result hooks. Returns undefined if they must not be called. */
  chooseHookResult<R>(ending: Ending<R>): R | undefined
  /** Returns the cleanup hooks to call. */
  chooseCleanupHooks<H>(hooks: readonly H[], ending: Ending<unknown>): readonly H[]
}

export const soundHooks: HookParts = {
  chooseProviders: (providers, request) => (request === 0 ? providers : []),
  chooseAfterRunResponse: readResult,
  callAfterRun: (call) => call(),
  chooseTransformHooks: (hooks) => hooks,
  chooseHookResult: readResult,
  chooseCleanupHooks: (hooks) => hooks,
}

function readResult<R>(ending: Ending<R>): R | undefined {
  return ending.kind === 'completed' ? ending.result : undefined
}
