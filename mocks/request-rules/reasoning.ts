import type { JsonObject } from '../json.ts'
import { typeOf } from './item-form.ts'
import { itemId, resolvedInput } from './item-references.ts'
import type { InputContext } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

const reasoningFollowed = defineRule<InputContext>({
  id: 'reasoning-followed',
  statement:
    'A reasoning item that is sent with its id is directly followed by a call, or by another item of the model with an id',
  param: 'input',
  message: "Item '{id}' of type 'reasoning' was provided without its required following item.",
  source:
    'SERVICE-FACTS 3: recording pydantic-ai thinking_with_modified_history; last item of a stored predecessor: openai/openai-agents-python#1611',
  findBreach(context) {
    const { items, ownFrom } = inOrder(context)
    for (const [at, item] of items.entries()) {
      const id = itemId(item)
      if (typeOf(item) !== 'reasoning' || id === undefined) continue
      const next = items[at + 1]
      const bare = at + 1 >= ownFrom && next !== undefined && itemId(next) === undefined
      if (next !== undefined && isOfModel(next) && !(bare && needsId(next, context))) continue
      return { id }
    }
    return undefined
  },
})

const itemWithReasoning = defineRule<InputContext>({
  id: 'item-with-its-reasoning',
  statement:
    'A stored item that followed a reasoning item is sent with its id only if that reasoning item is sent, too',
  param: 'input',
  message: "Item '{id}' of type '{type}' was provided without its required 'reasoning' item: '{reasoning}'.",
  source:
    'SERVICE-FACTS 3: continuedev/continue#10018, #10880; earendil-works/pi#886; openai/openai-python#3008',
  findBreach(context) {
    const { items } = inOrder(context)
    const present = new Set(items.map(itemId))
    for (const item of resolvedInput(context)) {
      const id = itemId(item)
      if (id === undefined) continue
      const known = context.lookup(id)
      if (!known?.stored || known.reasoning === undefined || present.has(known.reasoning)) continue
      return { id, type: typeOf(item), reasoning: known.reasoning }
    }
    return undefined
  },
})

const encryptedContentVerified = defineRule<InputContext>({
  id: 'encrypted-content-verified',
  statement: 'The encrypted_content of an input item was made by the service for this organisation',
  source: 'SERVICE-FACTS 3: openai/codex#8119, #8145',
  code: 'invalid_encrypted_content',
  message: 'The encrypted content {start}...{end} could not be verified.',
  findBreach({ input, verifies }) {
    if (!verifies) return undefined
    for (const { encrypted_content: content } of input) {
      if (typeof content !== 'string' || verifies(content)) continue
      return { start: content.slice(0, 4), end: content.slice(-3) }
    }
    return undefined
  },
})

/** Returns whether an item must have an id to count as the follower of reasoning: messages always, calls under `callIdsNeeded`. */
function needsId(item: JsonObject, { callIdsNeeded }: InputContext): boolean {
  return callIdsNeeded === true || !typeOf(item).endsWith('_call')
}

/** Returns chain and input as one list. The items of the request begin at `ownFrom`. */
function inOrder(context: InputContext): { items: JsonObject[]; ownFrom: number } {
  return { items: [...context.chain, ...resolvedInput(context)], ownFrom: context.chain.length }
}

/** Returns whether the model can have made an item: not a message of another role, not an answer of the client. */
function isOfModel(item: JsonObject): boolean {
  const type = typeOf(item)
  if (type === 'message') return item['role'] === 'assistant'
  if (type === 'mcp_approval_response') return false
  return !type.endsWith('_call_output')
}

export const reasoningRules: readonly RequestRule<InputContext>[] = [
  reasoningFollowed,
  itemWithReasoning,
  encryptedContentVerified,
]
