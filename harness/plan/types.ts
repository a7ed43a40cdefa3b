import type { Json, JsonObject } from '../../mocks/json.ts'

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

export interface ToolSpec {
  name: string
  description?: string
  /** JSON Schema of the arguments. */
  parameters: JsonObject
  /** The k-th call of the tool within one conversation does `does[k]`; past the end, the last again. */
  does: ToolAct[]
}

export type ToolAct =
  | { kind: 'return'; value: Json; gated?: true }
  | { kind: 'throw'; message: string; gated?: true }
  | { kind: 'hang' }
  | { kind: 'agent'; agent: string }

/** How a conversation's context is carried from turn to turn. */
export type SessionMode = 'history' | 'previous-response' | 'conversation-object' | 'runtime-default'
