import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { AgentResponse, AgentResponseUpdate } from './agent-response.ts'
import type { Ending } from './ending.ts'
import { StreamCutError } from './errors.ts'
import type { Memory } from './memory.ts'
import type { RunScope } from './run-scope.ts'
import type { SessionState } from './session.ts'
import { endSpan } from './telemetry/span.ts'

/**
 * The decisions that the runtime's promises rest on, each a function of its own. The defects replace one each; nothing
 * else ever does.
 */
export interface Parts {
  /** The events of one streamed answer. A request may be repeated by the client before its first event, never after. */
  events(open: () => Promise<AsyncIterable<ResponseStreamEvent>>): Promise<AsyncIterable<ResponseStreamEvent>>
  /** What an answer is whose stream ended without a terminal event, by the response it began with and its whole items. */
  unended(begun: Response | undefined, output: ResponseOutputItem[]): Response
  /** What is delivered of an update. */
  delivered(run: RunScope, update: AgentResponseUpdate): AgentResponseUpdate
  /** What of a session a run starts from. */
  recalled(state: SessionState): SessionState
  /** What a session is after a run. */
  remembered(memory: Memory, ending: Ending<unknown>): SessionState
  /** The response that `afterRun` is called with; undefined: it is not called. */
  forAfterRun(ending: Ending<AgentResponse>): AgentResponse | undefined
  /** Closes an operation's span. */
  endSpan: typeof endSpan
}

export const soundParts: Parts = {
  events: (open) => open(),
  unended() {
    throw new StreamCutError()
  },
  delivered: (_, update) => update,
  recalled: (state) => state,
  remembered: (memory, ending) => (ending.kind === 'completed' ? memory.reached() : memory.abandoned(ending)),
  forAfterRun: (ending) => (ending.kind === 'completed' ? ending.result : undefined),
  endSpan,
}
