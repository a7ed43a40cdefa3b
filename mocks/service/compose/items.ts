import type {
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseReasoningItem,
} from 'openai/resources/responses/responses'
import type { CreateBody, HostedItem, Item } from '../types.ts'
import { buildHostedItems, type HostedOutputItem } from './hosted-items.ts'
import type { ItemMaker } from './item-maker.ts'

/** An item for the composer. Handoffs have become calls of the tools that the runtime offers for them. */
export type SpokenItem = PlainItem | HostedItem
type PlainItem = Exclude<Item, { type: 'handoff' }>
export type OutputItem =
  | ResponseOutputMessage
  | ResponseFunctionToolCall
  | ResponseReasoningItem
  | HostedOutputItem

/** Returns the output items for scripted items. A text or refusal of the same message becomes a part of the message before it. */
export function buildOutputItems(
  items: readonly SpokenItem[],
  body: CreateBody,
  make: ItemMaker,
): OutputItem[] {
  const output: OutputItem[] = []
  for (const item of items) {
    const before = output.at(-1)
    const isPart = 'sameMessage' in item && before?.type === 'message'
    if (isPart) before.content.push(buildPart(item))
    else if (isPlain(item)) output.push(buildOutputItem(item, make))
    else output.push(...buildHostedItems(item, body, make))
  }
  return output
}

/** Returns whether an item needs no tool but functions. */
export function isPlain(item: SpokenItem): item is PlainItem {
  return item.type === 'text' || item.type === 'refusal' || item.type === 'reasoning' || item.type === 'call'
}

/**
 * Returns the output item for a scripted item, with the recorded order of fields. A reasoning item has no status
 * (GRAMMAR R18c).
 */
function buildOutputItem(item: PlainItem, make: ItemMaker): OutputItem {
  switch (item.type) {
    case 'text':
    case 'refusal':
      return {
        id: make.makeItemId('message'),
        type: 'message',
        status: 'completed',
        content: [buildPart(item)],
        role: 'assistant',
      }
    case 'reasoning': {
      const id = make.makeItemId('reasoning')
      const summary = item.summary.map((text) => ({ type: 'summary_text' as const, text }))
      return make.encrypted || item.encrypted
        ? { id, type: 'reasoning', encrypted_content: make.makeSeal(), summary }
        : { id, type: 'reasoning', summary }
    }
    case 'call':
      return {
        id: make.makeItemId('function_call'),
        type: 'function_call',
        status: 'completed',
        arguments: writeArguments(item),
        call_id: make.makeCallId(),
        name: item.wrong === 'name' ? `no_such_${item.tool}` : item.tool,
      }
  }
}

/** Returns the part of a message that holds a text or a refusal. */
export function buildPart({ type, text }: { type: 'text' | 'refusal'; text: string }) {
  return type === 'refusal'
    ? { type, refusal: text }
    : { type: 'output_text' as const, annotations: [], logprobs: [], text }
}

function writeArguments({ args, wrong }: Extract<SpokenItem, { type: 'call' }>): string {
  const written = JSON.stringify(args)
  return wrong === 'arguments' ? written.slice(0, -1) : written
}
