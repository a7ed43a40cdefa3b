import type {
  Response,
  ResponseFunctionToolCall,
  ResponseInputItem,
  ResponseOutputItem,
} from 'openai/resources/responses/responses'

export type Item = ResponseInputItem

export function buildUserMessage(content: string): Item {
  return { role: 'user', content }
}

export function buildToolOutput(call: { call_id: string }, output: string): Item {
  return { type: 'function_call_output', call_id: call.call_id, output }
}

export function listCalls(items: readonly (Item | ResponseOutputItem)[]): ResponseFunctionToolCall[] {
  return items.filter((item): item is ResponseFunctionToolCall => item.type === 'function_call')
}

/** Returns the text of an output item. Returns '' if the item is not a message. */
export function readItemText(item: ResponseOutputItem): string {
  if (item.type !== 'message') return ''
  return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('')
}

/** Returns the text of a message of any role. Returns '' if the item is not a message. */
export function readMessageText(item: Item): string {
  if (!('role' in item) || !('content' in item)) return ''
  if (typeof item.content === 'string') return item.content
  return item.content
    .map((part) => ('text' in part ? (part.text ?? '') : 'refusal' in part ? part.refusal : ''))
    .join('')
}

export function readResponseText({ output }: Response): string {
  return output.map(readItemText).join('')
}

/**
 * Returns the items that a later request may carry. The service rejects a call without an output. It also rejects a reasoning
 * item without a following item of the model. An incomplete answer can leave both.
 */
export function listCarryableItems(items: readonly Item[]): Item[] {
  const answered = new Set(
    items.map((item) => (item.type === 'function_call_output' ? item.call_id : undefined)),
  )
  const kept: Item[] = []
  for (const item of items.toReversed()) {
    if (item.type === 'function_call' && !answered.has(item.call_id)) continue
    if (isEmptyMessage(item)) continue
    if (item.type === 'reasoning' && !isFromModel(kept.at(-1))) continue
    kept.push(item)
  }
  return kept.reverse()
}

function isEmptyMessage(item: Item): boolean {
  return 'role' in item && 'content' in item && item.content.length === 0
}

function isFromModel(item: Item | undefined): boolean {
  if (item === undefined) return false
  if ('role' in item) return item.role === 'assistant'
  return !String(item.type).endsWith('_output')
}

/** Returns the output without reasoning at its end, because the service rejects reasoning without a following item. */
export function removeTrailingReasoning(output: readonly ResponseOutputItem[]): Item[] {
  return output.slice(0, output.findLastIndex(({ type }) => type !== 'reasoning') + 1) as Item[]
}
