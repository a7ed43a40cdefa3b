import type { JsonObject } from '../json.ts'
import { listRequiredFields } from './item-schemas.ts'
import type { InputContext } from './known.ts'
import { defineRule, type RequestRule } from './rule.ts'

/** Id prefixes by item type (GRAMMAR J67). */
export const ID_PREFIXES: ReadonlyMap<string, string> = new Map([
  ['message', 'msg'],
  ['reasoning', 'rs'],
  ['function_call', 'fc'],
  ['custom_tool_call', 'ctc'],
  ['computer_call', 'cu'],
  ['code_interpreter_call', 'ci'],
  ['file_search_call', 'fs'],
  ['web_search_call', 'ws'],
  ['image_generation_call', 'ig'],
  ['mcp_call', 'mcp'],
  ['mcp_list_tools', 'mcpl'],
  ['mcp_approval_request', 'mcpr'],
  ['compaction', 'cmp'],
])

/**
 * The fields that an input item of each type must have (SDK types, reports of the refusal). The schemas of bodies hold
 * those of the first four types. Messages and compactions are missing because no report shows their refusal.
 */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ...['item_reference', 'reasoning', 'function_call', 'function_call_output'].map(
    (type): [string, string[]] => [type, listRequiredFields(type)],
  ),
  ['custom_tool_call', ['call_id', 'name', 'input']],
  ['custom_tool_call_output', ['call_id', 'output']],
  ['computer_call_output', ['call_id', 'output']],
  ['mcp_approval_response', ['approval_request_id', 'approve']],
])

const fieldsPresent = defineRule<InputContext>({
  id: 'input-fields-present',
  statement: 'An input item has the fields that its type requires',
  source: 'SERVICE-FACTS 3: openai/codex#6934, AAswordman/Operit#797',
  code: 'missing_required_parameter',
  param: 'input[{index}].{field}',
  message: "Missing required parameter: 'input[{index}].{field}'.",
  findBreach: ({ input }) =>
    findFirst(input, (item, index) => {
      const field = REQUIRED.get(readItemType(item))?.find((key) => item[key] === undefined)
      return field === undefined ? undefined : { index, field }
    }),
})

const idsWellFormed = defineRule<InputContext>({
  id: 'input-ids-well-formed',
  statement: 'The id of an input item consists of letters, digits, underscores and dashes',
  source: 'SERVICE-FACTS 3: langchain-ai/langchainjs#11044',
  code: 'invalid_value',
  param: 'input[{index}].id',
  message:
    "Invalid 'input[{index}].id': '{id}'. Expected an ID that contains letters, numbers, underscores, or dashes, but this value contained additional characters.",
  findBreach: ({ input }) =>
    findFirst(input, ({ id }, index) =>
      typeof id !== 'string' || /^[A-Za-z0-9_-]+$/.test(id) ? undefined : { index, id },
    ),
  unknownFields: () => ['code'],
})

const idsPrefixed = defineRule<InputContext>({
  id: 'input-ids-prefixed',
  statement: 'The id of an input item begins with the prefix of its type',
  source: 'SERVICE-FACTS 3: openai/codex#33176, jlcodes99/cockpit-tools#2090; GRAMMAR J67',
  code: 'invalid_id_prefix',
  param: 'input[{index}].id',
  message: "Invalid 'input[{index}].id': '{id}'. Expected an ID that begins with '{prefix}'.",
  findBreach: ({ input }) =>
    findFirst(input, (item, index) => {
      const prefix = ID_PREFIXES.get(readItemType(item))
      const id = item['id']
      if (prefix === undefined || typeof id !== 'string' || id.startsWith(prefix)) return undefined
      return { index, id, prefix }
    }),
})

/** Returns the type of an input item. An item that has a role and no type is a message. */
export function readItemType(item: JsonObject): string {
  if (typeof item['type'] === 'string') return item['type']
  return item['role'] === undefined ? '' : 'message'
}

function findFirst<T>(
  items: readonly JsonObject[],
  look: (item: JsonObject, at: number) => T | undefined,
): T | undefined {
  for (const [at, item] of items.entries()) {
    const found = look(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

export const itemFormRules: readonly RequestRule<InputContext>[] = [fieldsPresent, idsWellFormed, idsPrefixed]
