import { buildUserMessage, type Item, listCalls, listCarryableItems, readMessageText } from '../items.ts'

/** One message in a workflow. The author is the user or the name of an agent. */
export interface WorkflowMessage {
  author: string
  text: string
}

export const USER = 'user'

/** The author of the prompt that makes an agent continue without the user. No transcript contains it. */
export const NOBODY = 'nobody'

/** The items that one author added to a conversation, in order. */
export interface Contribution {
  author: string
  items: readonly Item[]
}

export function buildContribution(author: string, text: string): Contribution {
  return { author, items: [buildUserMessage(text)] }
}

/** Returns each message of the conversation once, in order, with its author. */
export function buildTranscript(conversation: readonly Contribution[]): WorkflowMessage[] {
  return conversation
    .filter(({ author }) => author !== NOBODY)
    .flatMap(({ author, items }) =>
      items.map((item) => ({ author, text: readMessageText(item) })).filter(({ text }) => text !== ''),
    )
}

/** Returns all items of the conversation, from every author. An agent reads them when it takes over. */
export function listItems(conversation: readonly Contribution[]): Item[] {
  return conversation.flatMap(({ items }) => items)
}

/**
 * Returns the items of an agent's turn that other agents may read.
 *
 * - Handoff calls and their outputs are removed, because other agents do not have these tools.
 * - A call that an incomplete answer left without an output is removed, because the service would reject it.
 * - Reasoning is removed, because it belongs to one answer. Messages lose their ids, because the service rejects a known
 *   message without its reasoning.
 */
export function listSharedItems(items: readonly Item[], isHandoff: (tool: string) => boolean): Item[] {
  const handoffs = new Set(
    listCalls(items)
      .filter(({ name }) => isHandoff(name))
      .map(({ call_id }) => call_id),
  )
  const theirs = (item: Item) => {
    if (item.type !== 'function_call' && item.type !== 'function_call_output')
      return item.type !== 'reasoning'
    return !handoffs.has(String(item.call_id))
  }
  return listCarryableItems(items.filter(theirs).map(removeItemId))
}

/** Returns an item without its service id, so that any agent may send it. */
function removeItemId(item: Item): Item {
  if ('role' in item && item.role === 'assistant')
    return { role: 'assistant', content: readMessageText(item) }
  if (item.type !== 'function_call') return item
  const { id: _, ...call } = item
  return call
}
