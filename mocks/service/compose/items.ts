import type {
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseReasoningItem,
} from 'openai/resources/responses/responses'
import type { Item } from '../types.ts'

/** An item for the composer. Handoffs have become calls of the tools that the runtime offers for them. */
export type SpokenItem = Exclude<Item, { type: 'handoff' }>
export type OutputItem = ResponseOutputMessage | ResponseFunctionToolCall | ResponseReasoningItem

/** Makes ids and encrypted content for items. */
export interface ItemMaker {
  item(type: string): string
  call(): string
  /** Returns an `encrypted_content` that the service can verify later. */
  seal(): string
  /** Whether reasoning items have `encrypted_content` in this response. */
  encrypted: boolean
}

/**
 * Returns the output item for a scripted item, with the recorded order of fields. A message has one part. A reasoning
 * item has no status (GRAMMAR R18c).
 */
export function outputItem(item: SpokenItem, make: ItemMaker): OutputItem {
  switch (item.type) {
    case 'text':
      return {
        id: make.item('message'),
        type: 'message',
        status: 'completed',
        content: [{ type: 'output_text', annotations: [], logprobs: [], text: item.text }],
        role: 'assistant',
      }
    case 'refusal':
      return {
        id: make.item('message'),
        type: 'message',
        status: 'completed',
        content: [{ type: 'refusal', refusal: item.text }],
        role: 'assistant',
      }
    case 'reasoning': {
      const id = make.item('reasoning')
      const summary = item.summary.map((text) => ({ type: 'summary_text' as const, text }))
      return make.encrypted || item.encrypted
        ? { id, type: 'reasoning', encrypted_content: make.seal(), summary }
        : { id, type: 'reasoning', summary }
    }
    case 'call':
      return {
        id: make.item('function_call'),
        type: 'function_call',
        status: 'completed',
        arguments: JSON.stringify(item.args),
        call_id: make.call(),
        name: item.tool,
      }
  }
}
