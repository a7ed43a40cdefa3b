import { isObject, type Json, type JsonObject } from '../../json.ts'
import { completeSchema } from '../../request-rules/strict-schema.ts'
import { hideCredentials } from './hidden-credentials.ts'

const WEB_SEARCH = {
  search_context_size: 'medium',
  // Both recordings come from the United States.
  user_location: { type: 'approximate', city: null, country: 'US', region: null, timezone: null },
}

/** The fields that a response shows of a tool if the request has no value for them, as recorded. */
const DEFAULTS: Readonly<Record<string, JsonObject>> = {
  // openai-dotnet MCPToolAlwaysRequiresApproval; the default of require_approval is not recorded.
  mcp: { allowed_tools: null, headers: null, server_description: null },
  // openai-dotnet WebSearchCallWithReasoning, openllmetry agent_with_web_search_tool_spans
  web_search: WEB_SEARCH,
  web_search_preview: WEB_SEARCH,
  // pydantic-ai openai_responses_model_file_search_tool
  file_search: {
    filters: null,
    max_num_results: 20,
    ranking_options: { ranker: 'auto', score_threshold: 0 },
  },
  // pydantic-ai native_tool_search
  tool_search: { description: null, parameters: null },
}

/** Returns a tool as a response shows it, without credentials. A function tool has all its fields in the recorded order. */
export function echoTool(tool: Json): Json {
  if (!isObject(tool)) return tool
  if (tool['type'] !== 'function') return echoOtherTool(tool)
  const { type, description, name, output_schema, parameters, strict, ...rest } = tool
  const decided = decideStrict(parameters, strict)
  return {
    type,
    ...rest,
    // An empty description is shown as null (recorded: logfire function_tool_exception).
    description: description || null,
    name: name ?? null,
    output_schema: output_schema ?? null,
    parameters: decided.schema,
    strict: decided.strict,
  } as JsonObject
}

/**
 * Returns a schema and whether it is strict, as a response shows them. Without a value `strict` is true, and the schema is
 * completed: recorded of 255 tools and 25 formats. A schema that cannot be completed stays as it was sent and is not
 * strict, which is a guess.
 */
export function decideStrict(
  schema: Json | undefined,
  strict: Json | undefined,
): { schema: Json; strict: Json } {
  if (strict !== undefined && strict !== null) return { schema: schema ?? null, strict }
  if (!isObject(schema)) return { schema: schema ?? null, strict: true }
  const completed = completeSchema(schema)
  return completed === undefined ? { schema, strict: false } : { schema: completed, strict: true }
}

/**
 * Returns a tool that is no function as a response shows it: the type first, then the fields in the order of their names.
 * A namespace holds functions, which are strict in the same way.
 */
function echoOtherTool(tool: JsonObject): JsonObject {
  const { type = null, ...given } = hideCredentials(tool)
  const shown = { ...given }
  for (const [field, value] of Object.entries(DEFAULTS[String(type)] ?? {})) shown[field] ??= value
  if (type === 'namespace' && Array.isArray(given['tools']))
    shown['tools'] = given['tools'].map(echoHeldFunction)
  return { type, ...Object.fromEntries(Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function echoHeldFunction(tool: Json): Json {
  if (!isObject(tool) || tool['type'] !== 'function') return tool
  const { schema, strict } = decideStrict(tool['parameters'], tool['strict'])
  return { ...tool, parameters: schema, strict }
}
