import type { JsonObject } from '../../json.ts'
import { itemId, resolvedInput } from './references.ts'
import { typeOf } from './shapes.ts'
import { badInput, type InputContext, type InputRule } from './types.ts'

const reasoningFollowed: InputRule = {
  id: 'reasoning-followed',
  statement:
    'A reasoning item that is sent with its id is directly followed by a call, or by another item of the model with an id',
  source:
    'SERVICE-FACTS 3: recording pydantic-ai thinking_with_modified_history; last item of a stored predecessor: openai/openai-agents-python#1611',
  refuses(context) {
    const { items, ownFrom } = inOrder(context)
    for (const [at, item] of items.entries()) {
      const id = itemId(item)
      if (typeOf(item) !== 'reasoning' || id === undefined) continue
      const next = items[at + 1]
      const bare = at + 1 >= ownFrom && next !== undefined && itemId(next) === undefined
      if (next !== undefined && isOfModel(next) && !(bare && needsId(next, context))) continue
      return badInput(`Item '${id}' of type 'reasoning' was provided without its required following item.`)
    }
    return undefined
  },
}

const itemWithReasoning: InputRule = {
  id: 'item-with-its-reasoning',
  statement:
    'A stored item that followed a reasoning item is sent, with its id, only together with that item',
  source:
    'SERVICE-FACTS 3: continuedev/continue#10018, #10880; earendil-works/pi#886; openai/openai-python#3008',
  refuses(context) {
    const { items } = inOrder(context)
    const present = new Set(items.map(itemId))
    for (const item of resolvedInput(context)) {
      const id = itemId(item)
      if (id === undefined) continue
      const known = context.lookup(id)
      if (!known?.stored || known.reasoning === undefined || present.has(known.reasoning)) continue
      return badInput(
        `Item '${id}' of type '${typeOf(item)}' was provided without its required 'reasoning' item: '${known.reasoning}'.`,
      )
    }
    return undefined
  },
}

const encryptedContentVerified: InputRule = {
  id: 'encrypted-content-verified',
  statement: 'The encrypted_content of an input item was made by the service for this organisation',
  source: 'SERVICE-FACTS 3: openai/codex#8119, #8145',
  refuses({ input, verifies }) {
    if (!verifies) return undefined
    for (const { encrypted_content: content } of input) {
      if (typeof content !== 'string' || verifies(content)) continue
      const shown = `${content.slice(0, 4)}...${content.slice(-3)}`
      return {
        ...badInput(`The encrypted content ${shown} could not be verified.`),
        code: 'invalid_encrypted_content',
        param: null,
      }
    }
    return undefined
  },
}

/** A message without id does not count as the one that followed; a call may (see `callIdsNeeded`). */
function needsId(item: JsonObject, { callIdsNeeded }: InputContext): boolean {
  return callIdsNeeded === true || !typeOf(item).endsWith('_call')
}

/** Chain and input as one line of items; the request's own begin at `ownFrom`. */
function inOrder(context: InputContext): { items: JsonObject[]; ownFrom: number } {
  return { items: [...context.chain, ...resolvedInput(context)], ownFrom: context.chain.length }
}

/** Whether an item can be the model's: not a message of another role, not a client's answer. */
function isOfModel(item: JsonObject): boolean {
  const type = typeOf(item)
  if (type === 'message') return item['role'] === 'assistant'
  if (type === 'mcp_approval_response') return false
  return !type.endsWith('_call_output')
}

export const reasoningRules: readonly InputRule[] = [
  reasoningFollowed,
  itemWithReasoning,
  encryptedContentVerified,
]
