import type { Response, ResponseOutputItem } from 'openai/resources/responses/responses'
import type { Item } from './items.ts'

/** One update of a run, delivered while the run is active. */
export type AgentResponseUpdate =
  /** A piece of a text or of a refusal. */
  | { type: 'text'; text: string }
  /** A complete item of the output. */
  | { type: 'item'; item: ResponseOutputItem }

/** The result of a run. */
export interface AgentResponse {
  /** `incomplete`: the model stopped early, and `text` holds only a part of the answer. */
  status: 'completed' | 'incomplete'
  /** The text of the last answer. */
  text: string
  /** Tokens of all requests of the run, and of the nested runs of agents that it called as tools. */
  usage: UsageDetails
  /** The last answer, as received from the service. */
  response: Response
  /** The items that the run added to the conversation after its input: answers, calls and their outputs, in order. */
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

export function readUsage({ usage }: Response): UsageDetails {
  return { inputTokens: usage?.input_tokens ?? 0, outputTokens: usage?.output_tokens ?? 0 }
}
