import type { z } from 'zod'
import type { Json, JsonObject } from '../../mocks/json.ts'
import type { factOptions } from '../../mocks/service/options.ts'
import type { Answer } from '../../mocks/service/types.ts'

/** One test case as data: the same plan runs on every runtime, in any process or language, and is replayed from a file. */
export interface Plan {
  schema: 1
  /** Fixes everything that is drawn while the plan runs. */
  seed: string
  team: AgentSpec[]
  flow?: Flow
  conversations: Conversation[]
  /** Whose gate is opened next: taken modulo the conversations that have not ended. Past its end: the lowest first. */
  delivery: number[]
  mode: Mode
  service?: ServiceOptions
}

/** Choices where nothing is known of the real service. */
export type ServiceOptions = z.input<typeof factOptions>

/** One agent of a team, as data: no runtime's own terms. */
export interface AgentSpec {
  name: string
  instructions: string
  tools: ToolSpec[]
  /** Names of the agents that it may hand off to. */
  handoffs: string[]
  /** Model parameters, as the Responses API names them. */
  settings?: JsonObject
}

/** When a workflow of several agents ends, as data. */
export interface Flow {
  /** The most turns of an agent in one activation, by its name. */
  turnLimits: Record<string, number>
  /** The workflow ends when this agent has said so many messages. */
  endAfter?: { agent: string; messages: number }
}

export interface ToolSpec {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: JsonObject
  /** The k-th call of the tool by its agent within one conversation does `does[k]`; past the end, the last again. */
  does: ToolAct[]
}

/** `gated` acts wait for delivery. `agent` is the runtime's own agent as a tool: a nested run. */
export type ToolAct =
  | { kind: 'return'; value: Json; gated?: true }
  | { kind: 'throw'; message: string; gated?: true }
  | { kind: 'hang' }
  | { kind: 'agent'; agent: string }

/** A line of user turns. */
export interface Conversation {
  session: SessionMode
  store: boolean
  /** How a driver with the capability `threads` runs the conversation; elsewhere ignored. */
  as?: 'task' | 'thread'
  turns: Turn[]
}

/** How a conversation's context is carried from turn to turn. */
export type SessionMode = 'history' | 'previous-response' | 'conversation-object' | 'runtime-default'

export interface Turn {
  say: string
  stream: boolean
  answers: Answer[]
  /** Whether the workflow is built anew before the turn. */
  target: 'same' | 'fresh-workflow'
  stop?: Stop
  breaks?: HookFault
  pull: Pull
  /** Of a plan made from a recording: what the recorded client's requests in this turn held, in order. */
  recorded?: RecordedRequest[]
}

/** A recorded request, as far as a runtime's must equal it. */
export interface RecordedRequest {
  /** The effective context. */
  context: JsonObject[]
  tools: JsonObject[]
}

/** How the consumer takes a stream's updates. `handed-over`: the run is made in one context (Python: task), its updates are pulled in another. */
export type Pull =
  | 'same-context'
  | 'new-context-per-pull'
  | 'handed-over'
  | 'handed-over-midway'
  | 'timeout-per-pull'
  | 'final-only'
  | 'iterate-then-final'

/** How the consumer ends a run early, carried out in the step in which its condition comes true. */
export interface Stop {
  how: 'abort' | 'return' | 'drop'
  after: { updates: number } | { toolStarts: number } | { request: number; events: number }
}

/** The hooks that a runtime may have. `after_run` stands only for a hook that by its own documentation means success. */
export type HookName = 'before_run' | 'after_run' | 'transform' | 'result' | 'cleanup'

/** A hook of the runtime that throws, the nth time that it is called in the turn (0-based). */
export interface HookFault {
  hook: HookName
  nth: number
}

export type TelemetryMode = 'off' | 'on' | 'sensitive'

export interface Mode {
  start: TelemetryMode
  /** Applied when the step begins, before its gate opens. */
  toggles?: { step: number; to: TelemetryMode }[]
  sabotage?: Sabotage
}

/** A part of the telemetry that misbehaves, the nth time that it is used (0-based). */
export interface Sabotage {
  part: 'exporter' | 'span-start' | 'span-end' | 'hook-register' | 'hook-lost' | 'hook-release'
  does: 'throw' | 'hang' | 'drop' | 'repeat'
  nth: number
}
