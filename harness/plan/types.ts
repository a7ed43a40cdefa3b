import type { z } from 'zod'
import type { Json, JsonObject } from '../../mocks/json.ts'
import type { factOptions } from '../../mocks/service/options.ts'
import type { Answer } from '../../mocks/service/types.ts'

/** One test case as data. The same plan runs on every runtime, in any process or language, and can be replayed from a file. */
export interface Plan {
  schema: 1
  /** Decides every random value while the plan runs. */
  seed: string
  team: AgentSpec[]
  flow?: Flow
  conversations: Conversation[]
  /**
   * The conversations in the order in which the harness opens their gates: numbers from 0, modulo the count of conversations. If one
   * has ended or waits at no gate, the next one gets the step. After the last number, the harness takes the lowest conversation.
   */
  delivery: number[]
  mode: Mode
  service?: ServiceOptions
  /**
   * Whether the harness measures what ended runs leave in memory. It collects garbage for that, which takes several times as
   * long as a plan.
   */
  growth?: true
}

/** How the simulated service behaves where the behaviour of the real service is unknown. */
export type ServiceOptions = z.input<typeof factOptions>

/** One agent of a team, in terms that belong to no particular runtime. */
export interface AgentSpec {
  name: string
  instructions: string
  tools: ToolSpec[]
  /** Names of the agents that this agent can hand off to. */
  handoffs: string[]
  /** Model parameters, as the Responses API names them. */
  settings?: JsonObject
}

/** When a workflow of several agents ends. */
export interface Flow {
  /** The maximum number of turns of an agent in one activation, by the agent's name. */
  turnLimits: Record<string, number>
  /** The workflow ends when this agent has sent this number of messages. */
  endAfter?: { agent: string; messages: number }
}

export interface ToolSpec {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: JsonObject
  /**
   * What the tool does, call by call: call k of the agent within one conversation does `does[k]`. Further calls repeat the
   * last action.
   */
  does: ToolAction[]
}

/**
 * What a tool does when it is called. A `gated` action waits until the harness opens its gate. If it also `ignoresSignal`, it goes
 * on when its run is stopped, and returns or throws at its gate. `hang` never ends. `agent` is an agent of the team as a tool: the
 * runtime makes a nested run.
 */
export type ToolAction =
  | { kind: 'return'; value: Json; gated?: true; ignoresSignal?: true }
  | { kind: 'throw'; message: string; gated?: true; ignoresSignal?: true }
  | { kind: 'hang' }
  | { kind: 'agent'; agent: string }

/** The turns of one user, one after the other. */
export interface Conversation {
  session: SessionMode
  store: boolean
  /** How a driver with the capability `threads` runs the conversation. Other drivers ignore it. */
  as?: 'task' | 'thread'
  turns: Turn[]
}

/** How the context of a conversation gets from turn to turn. */
export type SessionMode = 'history' | 'previous-response' | 'conversation-object' | 'runtime-default'

export interface Turn {
  say: string
  stream: boolean
  answers: Answer[]
  /** Whether the workflow is rebuilt before the turn. */
  target: 'same' | 'fresh-workflow'
  stop?: Stop
  breaks?: HookFault
  /** The maximum number of answers that the run may use. If the last of them still calls tools, the run fails. */
  limit?: number
  pull: Pull
  /** The instructions that a second context provider adds to the requests of this run. */
  adds?: string
  /** The number of cleanup hooks of the run. Default: one. */
  cleanups?: 2
  /** The requests of the recorded client in this turn, in order. Only in plans that were made from a recording. */
  recorded?: RecordedRequest[]
}

/** The parts of a recorded request that a runtime's request must equal. */
export interface RecordedRequest {
  /** All items that the model sees: those that the request names and those that it carries. */
  context: JsonObject[]
  tools: JsonObject[]
}

/**
 * How the consumer reads the updates of a stream. `handed-over`: one context (Python: task) starts the run, and another reads
 * its updates.
 */
export type Pull =
  | 'same-context'
  | 'new-context-per-pull'
  | 'handed-over'
  | 'handed-over-midway'
  | 'timeout-per-pull'
  | 'final-only'
  | 'iterate-then-final'

/** How the consumer ends a run early. The harness stops the run in the step in which the condition `after` becomes true. */
export interface Stop {
  how: 'abort' | 'return' | 'drop'
  /** When. `nothing`: the signal has fired before the run starts. */
  after:
    | { nothing: true }
    | { updates: number }
    | { toolStarts: number }
    | { request: number; events: number }
  /** The consumer stops once more in the other way: it returns after it has aborted, or aborts after it has returned. */
  again?: true
}

/** The hooks that a runtime can have. `after_run` is only for a hook that is documented to run after a success. */
export type HookName = 'before_run' | 'after_run' | 'transform' | 'result' | 'cleanup'

/** A hook that throws. `nth` is the number of the call in the turn that throws, from 0. */
export interface HookFault {
  hook: HookName
  nth: number
}

export type TelemetryMode = 'off' | 'on' | 'sensitive'

export interface Mode {
  start: TelemetryMode
  /** Switches the telemetry when a step begins, before the gate of the step opens. */
  toggles?: { step: number; to: TelemetryMode }[]
  sabotage?: Sabotage
}

/** A part of the telemetry that misbehaves. `nth` is the number of the use that misbehaves, from 0. */
export interface Sabotage {
  part: 'exporter' | 'span-start' | 'span-end' | 'hook-register' | 'hook-lost' | 'hook-release'
  does: 'throw' | 'hang' | 'drop' | 'repeat'
  nth: number
}
