import type { JsonObject } from '../../json.ts'
import { badInput, type InputRule } from './types.ts'

const NOT_PERSISTED =
  'Items are not persisted when `store` is set to false. Try again with `store` set to true, or remove this item from your input.'

/** The input with each `item_reference` replaced by the item that it names, where that is known. */
export function resolvedInput({
  input,
  lookup,
}: {
  input: readonly JsonObject[]
  lookup(id: string): { item: JsonObject } | undefined
}): JsonObject[] {
  return input.map((item) => {
    if (item['type'] !== 'item_reference' || typeof item['id'] !== 'string') return item
    return lookup(item['id'])?.item ?? item
  })
}

/** An item's own id; the `id` of a local_shell_call_output is the id of its call. */
export function itemId(item: JsonObject): string | undefined {
  const id = item['id']
  return typeof id === 'string' && item['type'] !== 'local_shell_call_output' ? id : undefined
}

const itemsUnique: InputRule = {
  id: 'items-unique',
  statement: 'No item id stands twice in the input, and none of the chain is sent again',
  source:
    'SERVICE-FACTS 3: continuedev/continue#10200, vercel/ai#13307; chain: MacPaw/OpenAI#432, vercel/ai#18605; conversation: openai/openai-agents-js#425',
  refuses({ chain, input }) {
    const seen = new Set(chain.map(itemId))
    for (const item of input) {
      const id = itemId(item)
      if (id === undefined) continue
      if (seen.has(id)) {
        return badInput(
          `Duplicate item found with id ${id}. Remove duplicate items from your input and try again.`,
        )
      }
      seen.add(id)
    }
    return undefined
  },
}

const itemsFound: InputRule = {
  id: 'items-found',
  statement:
    'An item that is named by its id alone (item_reference, reasoning without encrypted_content) is stored',
  source: 'SERVICE-FACTS 3: openai/openai-agents-js#546, earendil-works/pi#3369',
  refuses({ input, lookup, complete }) {
    for (const item of input) {
      const id = itemId(item)
      if (id === undefined || !namedByIdAlone(item)) continue
      const known = lookup(id)
      if (known?.stored || (known === undefined && !complete)) continue
      const reason = known ? ` ${NOT_PERSISTED}` : ''
      return {
        ...badInput(`Item with id '${id}' not found.${reason}`),
        status: 404,
        unknown: ['code', 'param'],
      }
    }
    return undefined
  },
}

function namedByIdAlone(item: JsonObject): boolean {
  if (item['type'] === 'item_reference') return true
  return item['type'] === 'reasoning' && typeof item['encrypted_content'] !== 'string'
}

export const referenceRules: readonly InputRule[] = [itemsUnique, itemsFound]
