import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses'
import type { Item } from './items.ts'

/** What a run gives while it is on. */
export type AgentResponseUpdate =
  /** A piece of the text, or of a refusal, as it came. */
  | { type: 'text'; text: string }
  /** An item of the output is whole. */
  | { type: 'item'; item: ResponseOutputItem }

/** What a run gives in the end. */
export interface AgentResponse {
  /** `incomplete`: the model stopped before it was done; the text is what there is of it. */
  status: 'completed' | 'incomplete'
  /** The text of the last answer. */
  text: string
  /** Tokens of all requests of the run, and of the runs of agents that were its tools. */
  usage: UsageDetails
  /** The last answer as the service gave it. */
  response: Response
  /** What the run added to its conversation after what it was asked: answers, calls and their outputs, in order. */
  items: readonly Item[]
  /** The agent that the last answer hands the conversation to. */
  handoff?: string
}

export interface UsageDetails {
  inputTokens: number
  outputTokens: number
}

export function addUsage(total: UsageDetails, more: UsageDetails): void {
  total.inputTokens += more.inputTokens
  total.outputTokens += more.outputTokens
}

export function usageOf({ usage }: Response): UsageDetails {
  return { inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 }
}
