import { callsIn, carryable, type Item, messageText, userMessage } from '../items.ts'

/** What somebody said in a workflow: the user, or an agent under its name. */
export interface WorkflowMessage {
  author: string
  text: string
}

export const USER = 'user'

/** Whose words an agent hears when it goes on by itself: nobody's, so that they are in no transcript. */
export const NOBODY = 'nobody'

/** What one speaker added to a conversation: its items, in order. */
export interface Contribution {
  author: string
  items: readonly Item[]
}

export function heard(author: string, text: string): Contribution {
  return { author, items: [userMessage(text)] }
}

/** The conversation as people read it: each message once, in order, under its author. */
export function transcriptOf(conversation: readonly Contribution[]): WorkflowMessage[] {
  return conversation
    .filter(({ author }) => author !== NOBODY)
    .flatMap(({ author, items }) =>
      items.map((item) => ({ author, text: messageText(item) })).filter(({ text }) => text !== ''),
    )
}

/** The conversation as an agent that is activated reads it: all of it, whoever said it. */
export function itemsOf(conversation: readonly Contribution[]): Item[] {
  return conversation.flatMap(({ items }) => items)
}

/**
 * What others may read of an agent's activation. The calls that hand off go with their outputs: whom they named is no
 * longer theirs to call. So does a call that an incomplete answer left without output. Reasoning goes too, for it belongs to
 * the answer that it led to; so nothing keeps the id by which the service would miss it.
 */
export function withoutHandoffs(items: readonly Item[], isHandoff: (tool: string) => boolean): Item[] {
  const handoffs = new Set(
    callsIn(items)
      .filter(({ name }) => isHandoff(name))
      .map(({ call_id }) => call_id),
  )
  const theirs = (item: Item) => {
    if (item.type !== 'function_call' && item.type !== 'function_call_output')
      return item.type !== 'reasoning'
    return !handoffs.has(String(item.call_id))
  }
  return carryable(items.filter(theirs).map(retold))
}

/** An item as anybody may send it: without the id that the service knows it by. */
function retold(item: Item): Item {
  if ('role' in item && item.role === 'assistant') return { role: 'assistant', content: messageText(item) }
  if (item.type !== 'function_call') return item
  const { id: _, ...call } = item
  return call
}
