import type { AgentResponse } from '../agent-response.ts'
import type { ContextProvider } from '../context-provider.ts'
import type { Ending } from '../ending.ts'

/** Which hooks are called, and with what. */
export interface HookParts {
  /** The context providers that are told before a run's nth request, counted from 0. */
  providersBefore(providers: readonly ContextProvider[], request: number): readonly ContextProvider[]
  /** The response that `afterRun` is called with; undefined: it is not called. */
  forAfterRun(ending: Ending<AgentResponse>): AgentResponse | undefined
  /** Calls `afterRun`, before the run ends. */
  afterRun(call: () => Promise<void>): Promise<void>
  /** The transform hooks that an update is given to. */
  transformHooks<H>(hooks: readonly H[], update: unknown): readonly H[]
  /** The result that result hooks are called with; undefined: they are not called. */
  forResultHooks<R>(ending: Ending<R>): R | undefined
  /** The cleanup hooks that are called. */
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
