import { isObject, type Json, type JsonObject, listObjects } from '../../json.ts'
import type { CreateBody } from '../types.ts'
import { joinContentText, translateMessage } from './messages.ts'

/**
 * Returns the Responses API body that asks for the same as a chat body. A chat request carries its whole conversation,
 * and no request can continue from its answer. Therefore `store` is always false.
 */
export function translateBody(chat: JsonObject): CreateBody {
  const { told, rest } = splitInstructions(listObjects(chat['messages']))
  const options = isObject(chat['stream_options']) ? chat['stream_options'] : {}
  const effort = chat['reasoning_effort'] ?? undefined
  return omitEmptyFields({
    model: chat['model'],
    instructions: told,
    input: rest.flatMap(translateMessage),
    tools: Array.isArray(chat['tools']) ? listObjects(chat['tools']).map(translateTool) : undefined,
    tool_choice: translateToolChoice(chat['tool_choice']),
    text: translateFormat(chat),
    max_output_tokens: chat['max_completion_tokens'] ?? chat['max_tokens'],
    reasoning: effort === undefined ? undefined : { effort },
    stream_options:
      typeof options['include_obfuscation'] === 'boolean'
        ? { include_obfuscation: options['include_obfuscation'] }
        : undefined,
    ...Object.fromEntries(SAME.map((name) => [name, chat[name]])),
    store: false,
  })
}

/** Fields that have the same name and meaning in both APIs. */
const SAME = [
  ...['metadata', 'parallel_tool_calls', 'prompt_cache_key', 'prompt_cache_retention', 'safety_identifier'],
  ...['service_tier', 'stream', 'temperature', 'top_p', 'user'],
]

/** Splits messages into instructions (the system and developer messages at the beginning) and the rest. */
function splitInstructions(messages: readonly JsonObject[]): { told: Json | undefined; rest: JsonObject[] } {
  const first = messages.findIndex(({ role }) => role !== 'system' && role !== 'developer')
  const until = first < 0 ? messages.length : first
  const told = messages.slice(0, until).map(({ content }) => joinContentText(content))
  return { told: told.length === 0 ? undefined : told.join('\n'), rest: messages.slice(until) }
}

/**
 * Returns a tool in the form of the Responses API. The fields under the tool's kind move to the top. A function is not
 * strict unless it says so.
 */
function translateTool(tool: JsonObject): JsonObject {
  const kind = String(tool['type'])
  const held = isObject(tool[kind]) ? tool[kind] : {}
  return kind === 'function'
    ? { type: kind, ...held, strict: held['strict'] ?? false }
    : { type: kind, ...held }
}

function translateToolChoice(choice: Json | undefined): Json | undefined {
  if (!isObject(choice)) return choice
  const kind = String(choice['type'])
  if (kind === 'allowed_tools' && isObject(choice[kind])) {
    const { mode, tools } = choice[kind]
    return omitEmptyFields({ type: kind, mode, tools: listObjects(tools).map(translateNamedTool) })
  }
  return translateNamedTool(choice)
}

/** Returns `{type: 'function', name}` for `{type: 'function', function: {name}}`. */
function translateNamedTool(tool: JsonObject): JsonObject {
  const kind = String(tool['type'])
  return isObject(tool[kind]) ? { type: kind, ...tool[kind] } : tool
}

function translateFormat(chat: JsonObject): JsonObject | undefined {
  const format = isObject(chat['response_format']) ? chat['response_format'] : undefined
  const schema = format?.['json_schema']
  const verbosity = chat['verbosity'] ?? undefined
  if (format === undefined && verbosity === undefined) return undefined
  return omitEmptyFields({
    format: isObject(schema) ? { type: 'json_schema', ...schema } : format,
    verbosity,
  })
}

function omitEmptyFields(fields: Record<string, Json | undefined>): JsonObject {
  const held = Object.entries(fields).filter(([, value]) => value !== undefined && value !== null)
  return Object.fromEntries(held) as JsonObject
}
