import type { JsonObject } from '../json.ts'
import type { InputContext } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

const NOT_PERSISTED =
  ' Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'

/** Returns the input with each `item_reference` replaced by the item that it names, if that item is known. */
export function resolveReferences({
  input,
  findItem,
}: {
  input: readonly JsonObject[]
  findItem(id: string): { item: JsonObject } | undefined
}): JsonObject[] {
  return input.map((item) => {
    if (item['type'] !== 'item_reference' || typeof item['id'] !== 'string') return item
    return findItem(item['id'])?.item ?? item
  })
}

/** Returns the id of an item. The `id` of a local_shell_call_output is not its own but the id of its call. */
export function readItemId(item: JsonObject): string | undefined {
  const id = item['id']
  return typeof id === 'string' && item['type'] !== 'local_shell_call_output' ? id : undefined
}

const itemsUnique = defineRule<InputContext>({
  id: 'items-unique',
  statement: 'No item id occurs twice in the input, and no item of the chain is sent again with its id',
  source:
    'SERVICE-FACTS 3: continuedev/continue#10200, vercel/ai#13307; chain: MacPaw/OpenAI#432, vercel/ai#18605; conversation: openai/openai-agents-js#425',
  param: 'input',
  message: 'Duplicate item found with id {id}. Remove duplicate items from your input and try again.',
  findBreach({ chain, input }) {
    const seen = new Set(chain.map(readItemId))
    for (const item of input) {
      const id = readItemId(item)
      if (id === undefined) continue
      if (seen.has(id)) return { id }
      seen.add(id)
    }
    return undefined
  },
})

const itemsFound = defineRule<InputContext>({
  id: 'items-found',
  statement:
    'An item that is named by its id alone (item_reference, reasoning without encrypted_content) is stored',
  source: 'SERVICE-FACTS 3: openai/openai-agents-js#546, earendil-works/pi#3369',
  status: 404,
  param: 'input',
  message: "Item with id '{id}' not found.{reason}",
  findBreach({ input, findItem, knowsEveryItem }) {
    for (const item of input) {
      const id = readItemId(item)
      if (id === undefined || !isNamedByIdAlone(item)) continue
      const known = findItem(id)
      if (known?.stored || (known === undefined && !knowsEveryItem)) continue
      return { id, reason: known ? NOT_PERSISTED : '' }
    }
    return undefined
  },
  unknownFields: () => ['code', 'param'],
})

function isNamedByIdAlone(item: JsonObject): boolean {
  if (item['type'] === 'item_reference') return true
  return item['type'] === 'reasoning' && typeof item['encrypted_content'] !== 'string'
}

export const itemReferenceRules: readonly RequestRule<InputContext>[] = [itemsUnique, itemsFound]
