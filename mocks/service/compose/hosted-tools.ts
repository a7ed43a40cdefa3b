import type { JsonObject } from '../../json.ts'

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

/** Returns a tool that is no function as a response shows it: the type first, then the fields in the order of their names. */
export function echoOtherTool(tool: JsonObject): JsonObject {
  const { type = null, ...given } = tool
  const shown = { ...given }
  for (const [field, value] of Object.entries(DEFAULTS[String(type)] ?? {})) shown[field] ??= value
  return { type, ...Object.fromEntries(Object.entries(shown).sort(([a], [b]) => (a < b ? -1 : 1))) }
}
