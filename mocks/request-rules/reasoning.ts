import type { JsonObject } from '../json.ts'
import { readItemType } from './item-form.ts'
import { readItemId, resolveReferences } from './item-references.ts'
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
    const { items, ownFrom } = listInOrder(context)
    for (const [at, item] of items.entries()) {
      const id = readItemId(item)
      if (readItemType(item) !== 'reasoning' || id === undefined) continue
      if (!context.needsFollowerUnstored && context.findItem(id)?.stored === false) continue
      const next = items[at + 1]
      const bare = at + 1 >= ownFrom && next !== undefined && readItemId(next) === undefined
      if (next !== undefined && isMadeByModel(next) && !(bare && isIdNeeded(next, context))) continue
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
    const { items } = listInOrder(context)
    const present = new Set(items.map(readItemId))
    for (const item of resolveReferences(context)) {
      const id = readItemId(item)
      if (id === undefined) continue
      const known = context.findItem(id)
      if (!known?.stored || known.reasoning === undefined || present.has(known.reasoning)) continue
      return { id, type: readItemType(item), reasoning: known.reasoning }
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
  findBreach({ input, isSealValid }) {
    if (!isSealValid) return undefined
    for (const { encrypted_content: content } of input) {
      if (typeof content !== 'string' || isSealValid(content)) continue
      return { start: content.slice(0, 4), end: content.slice(-3) }
    }
    return undefined
  },
})

/** Returns whether an item must have an id to count as the follower of reasoning: messages always, calls under `needsCallIds`. */
function isIdNeeded(item: JsonObject, { needsCallIds }: InputContext): boolean {
  return needsCallIds === true || !readItemType(item).endsWith('_call')
}

/** Returns chain and input as one list. The items of the request begin at `ownFrom`. */
function listInOrder(context: InputContext): { items: JsonObject[]; ownFrom: number } {
  return { items: [...context.chain, ...resolveReferences(context)], ownFrom: context.chain.length }
}

/** Returns whether the model can have made an item: not a message of another role, not an answer of the client. */
function isMadeByModel(item: JsonObject): boolean {
  const type = readItemType(item)
  if (type === 'message') return item['role'] === 'assistant'
  if (type === 'mcp_approval_response') return false
  return !type.endsWith('_call_output')
}

export const reasoningRules: readonly RequestRule<InputContext>[] = [
  reasoningFollowed,
  itemWithReasoning,
  encryptedContentVerified,
]
