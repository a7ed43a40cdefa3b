import type OpenAI from 'openai'
import type { ContextProvider } from './context-provider.ts'
import type { FunctionTool } from './tools.ts'

/** An agent's name, instructions, model and tools. It holds no state of a run, so many runs can share it. */
export interface AgentDescription {
  readonly name: string
  readonly instructions: string
  readonly model: string
  readonly client: OpenAI
  readonly tools?: readonly FunctionTool[]
  readonly contextProviders?: readonly ContextProvider[]
  /** Parameters of the Responses API that are sent with every request. */
  readonly settings?: Readonly<Record<string, unknown>>
}
