import type { JsonObject } from '../../json.ts'
import type { InputRule, Refusal } from './types.ts'

/** Id prefixes by item type (GRAMMAR J67). */
export const ID_PREFIX: ReadonlyMap<string, string> = new Map([
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

/** Fields without which an input item of that type cannot be read (SDK types, reports of the refusal). */
const REQUIRED: ReadonlyMap<string, readonly string[]> = new Map([
  ['item_reference', ['id']],
  ['reasoning', ['summary']],
  ['function_call', ['call_id', 'name', 'arguments']],
  ['function_call_output', ['call_id', 'output']],
  ['custom_tool_call', ['call_id', 'name', 'input']],
  ['custom_tool_call_output', ['call_id', 'output']],
  ['computer_call_output', ['call_id', 'output']],
  ['mcp_approval_response', ['approval_request_id', 'approve']],
])

const fieldsPresent: InputRule = {
  id: 'input-fields-present',
  statement: 'An input item has the fields that its type requires',
  source: 'SERVICE-FACTS 3: openai/codex#6934, AAswordman/Operit#797',
  refuses({ input }) {
    return firstOf(input, (item, at) => {
      const missing = REQUIRED.get(typeOf(item))?.find((key) => item[key] === undefined)
      if (missing === undefined) return undefined
      const param = `input[${at}].${missing}`
      return refused('missing_required_parameter', param, `Missing required parameter: '${param}'.`)
    })
  },
}

const idsWellFormed: InputRule = {
  id: 'input-ids-well-formed',
  statement: 'The id of an input item consists of letters, digits, underscores and dashes',
  source: 'SERVICE-FACTS 3: langchain-ai/langchainjs#11044',
  refuses({ input }) {
    return firstOf(input, ({ id }, at) => {
      if (typeof id !== 'string' || /^[A-Za-z0-9_-]+$/.test(id)) return undefined
      const param = `input[${at}].id`
      const expected = 'Expected an ID that contains letters, numbers, underscores, or dashes'
      const found = 'but this value contained additional characters.'
      return {
        ...refused('invalid_value', param, `Invalid '${param}': '${id}'. ${expected}, ${found}`),
        unknown: ['code'],
      }
    })
  },
}

const idsPrefixed: InputRule = {
  id: 'input-ids-prefixed',
  statement: 'The id of an input item begins with the prefix of its type',
  source: 'SERVICE-FACTS 3: openai/codex#33176, jlcodes99/cockpit-tools#2090; GRAMMAR J67',
  refuses({ input }) {
    return firstOf(input, (item, at) => {
      const prefix = ID_PREFIX.get(typeOf(item))
      const id = item['id']
      if (prefix === undefined || typeof id !== 'string' || id.startsWith(prefix)) return undefined
      const param = `input[${at}].id`
      const message = `Invalid '${param}': '${id}'. Expected an ID that begins with '${prefix}'.`
      return refused('invalid_id_prefix', param, message)
    })
  },
}

/** The type of an input item; one that has a role and no type is a message. */
export function typeOf(item: JsonObject): string {
  if (typeof item['type'] === 'string') return item['type']
  return item['role'] === undefined ? '' : 'message'
}

function refused(code: string, param: string, message: string): Omit<Refusal, 'rule'> {
  return { status: 400, type: 'invalid_request_error', code, param, message }
}

function firstOf<T>(
  items: readonly JsonObject[],
  look: (item: JsonObject, at: number) => T | undefined,
): T | undefined {
  for (const [at, item] of items.entries()) {
    const found = look(item, at)
    if (found !== undefined) return found
  }
  return undefined
}

export const shapeRules: readonly InputRule[] = [fieldsPresent, idsWellFormed, idsPrefixed]
