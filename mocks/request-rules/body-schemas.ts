import { z } from 'zod'
import { isObject, type Json } from '../json.ts'
import { checkValue, matchPattern, plainName } from './form-checks.ts'
import { type CheckFound, nameType } from './form-issue.ts'
import { allowNullOrAbsent, anyObject, chooseSchema, inputItemSchema, textSchema } from './item-schemas.ts'

/**
 * The schemas of request bodies, after the types of openai 7.55 and recorded requests. The API's own objects are strict,
 * because the service refuses unknown parameters (SERVICE-FACTS 3). The fields of rarely used items and tools are not
 * checked, because nobody has seen how the service refuses them.
 */

const TOOL_TYPES = [
  ...[
    'function',
    'custom',
    'file_search',
    'computer',
    'computer_use_preview',
    'web_search',
    'mcp',
    'code_interpreter',
  ],
  ...[
    'web_search_2025_08_26',
    'web_search_preview',
    'web_search_preview_2025_03_11',
    'programmatic_tool_calling',
  ],
  ...['image_generation', 'local_shell', 'shell', 'namespace', 'tool_search', 'apply_patch'],
] as [string, ...string[]]
const otherTool = z.looseObject({ type: z.enum(TOOL_TYPES) })

/** Tools of the service itself. Only function and custom tools can be async (SERVICE-FACTS 15a: published probe). */
const hosted = {
  type: z.string(),
  async: checkValue(() => ({ kind: 'unknown' })).optional(),
}
const hostedTool = z.looseObject(hosted)
const HOSTED_TOOLS: ReadonlyMap<unknown, z.ZodType> = new Map<unknown, z.ZodType>([
  ['file_search', z.looseObject({ ...hosted, vector_store_ids: z.array(matchPattern(/^vs_/, 'vs_*')) })],
  [
    'code_interpreter',
    z.looseObject({
      ...hosted,
      container: z.unknown(),
    }),
  ],
  ...[
    ...['computer', 'computer_use_preview', 'image_generation', 'mcp', 'web_search', 'web_search_2025_08_26'],
    ...['web_search_preview', 'web_search_preview_2025_03_11'],
  ].map((type) => [type, hostedTool] as const),
])

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: plainName,
  description: allowNullOrAbsent(z.string()),
  parameters: allowNullOrAbsent(anyObject),
  strict: allowNullOrAbsent(z.boolean()),
  output_schema: allowNullOrAbsent(anyObject),
  defer_loading: z.boolean().optional(),
  async: z.boolean().optional(),
  allowed_callers: allowNullOrAbsent(z.array(z.string())),
})

const tool = chooseSchema((value) => {
  if (!isObject(value)) return otherTool
  return value['type'] === 'function' ? functionTool : (HOSTED_TOOLS.get(value['type']) ?? otherTool)
})

const chosenTool = z.looseObject({ type: z.string() })
const chosenFunction = z.looseObject({ type: z.literal('function'), name: z.string() })
const choiceWord = z.enum(['none', 'auto', 'required'])
const notAChoice = checkValue((value) => ({
  kind: 'wrong-type',
  values: {
    expected: "one of an object or 'none', 'auto', or 'required'",
    found: nameType(value as Json),
  },
}))
const toolChoice = chooseSchema((value) => {
  if (isObject(value)) return value['type'] === 'function' ? chosenFunction : chosenTool
  return typeof value === 'string' ? choiceWord : notAChoice
})

const jsonSchema = z.strictObject({
  type: z.literal('json_schema'),
  name: plainName.check(({ value, issues }) => {
    if (typeof value !== 'string' || value.length <= 64) return
    const found: CheckFound = { kind: 'string-too-long', values: { bound: 64, found: value.length } }
    issues.push({ code: 'custom', input: value, path: [], params: { found } })
  }),
  schema: anyObject,
  description: allowNullOrAbsent(z.string()),
  strict: allowNullOrAbsent(z.boolean()),
})
const otherFormat = z.looseObject({
  type: z.enum(['json_object', 'text', 'json_schema']),
})
const format = chooseSchema((value) =>
  isObject(value) && value['type'] === 'json_schema' ? jsonSchema : otherFormat,
)

const INCLUDE = [
  ...['file_search_call.results', 'web_search_call.results', 'web_search_call.action.sources'],
  ...[
    'message.input_image.image_url',
    'computer_call_output.output.image_url',
    'code_interpreter_call.outputs',
  ],
  ...['reasoning.encrypted_content', 'message.output_text.logprobs'],
] as const

const include = z.array(z.enum(INCLUDE))
const metadata = z.record(z.string(), z.string().max(512)).check(({ value, issues }) => {
  const count = Object.keys(value).length
  if (count <= 16) return
  const found: CheckFound = { kind: 'object-too-big', values: { bound: 16, found: count } }
  issues.push({ code: 'custom', input: value, path: [], params: { found } })
})
const inputItems = z.array(inputItemSchema)
const notAnInput = checkValue((value) => ({
  kind: 'wrong-type',
  values: { expected: 'one of a string or array of input items', found: nameType(value as Json) },
}))
const input = chooseSchema((value) => {
  if (Array.isArray(value)) return inputItems
  return typeof value === 'string' || value === null ? textSchema : notAnInput
})
const conversationById = z.strictObject({ id: z.string() })
const conversation = chooseSchema((value) => (isObject(value) ? conversationById : z.string()))
const presetTier = z.enum(['auto', 'default', 'fast', 'flex', 'priority'])
/** The SDK types have two more tiers. Nobody has tried them, so they are accepted (SERVICE-FACTS 15a). */
const serviceTier = chooseSchema((value) =>
  value === 'scale' || value === 'ultrafast' ? textSchema : presetTier,
)

const instructions = allowNullOrAbsent(z.string())
const previous_response_id = allowNullOrAbsent(z.string())
const tools = z.array(tool).optional()
const text = z
  .strictObject({
    format: format.optional(),
    verbosity: allowNullOrAbsent(z.enum(['low', 'medium', 'high'])),
  })
  .optional()
const parallel_tool_calls = allowNullOrAbsent(z.boolean())
const reasoning = allowNullOrAbsent(
  z.strictObject({
    effort: allowNullOrAbsent(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
    summary: allowNullOrAbsent(z.enum(['concise', 'detailed', 'auto'])),
    context: allowNullOrAbsent(z.enum(['auto', 'current_turn', 'all_turns'])),
    mode: z.string().optional(),
  }),
)
const truncation = allowNullOrAbsent(z.enum(['auto', 'disabled']))

/** The fields of `POST /responses` in the order in which the service checks them (SERVICE-FACTS 15c). */
export const createBodySchema = z.strictObject({
  model: z.string().optional(),
  input: input.optional(),
  previous_response_id,
  conversation: allowNullOrAbsent(conversation),
  prompt: allowNullOrAbsent(z.looseObject({ id: z.string() })),
  moderation: allowNullOrAbsent(anyObject),
  include: allowNullOrAbsent(include),
  tools,
  metadata: allowNullOrAbsent(metadata),
  text,
  temperature: allowNullOrAbsent(z.number().min(0).max(2)),
  top_p: allowNullOrAbsent(z.number().min(0).max(1)),
  presence_penalty: allowNullOrAbsent(z.number()),
  frequency_penalty: allowNullOrAbsent(z.number()),
  parallel_tool_calls,
  stream: allowNullOrAbsent(z.boolean()),
  stream_options: allowNullOrAbsent(z.strictObject({ include_obfuscation: z.boolean().optional() })),
  background: allowNullOrAbsent(z.boolean()),
  background_options: allowNullOrAbsent(anyObject),
  max_output_tokens: allowNullOrAbsent(z.int().min(16)),
  max_tool_calls: allowNullOrAbsent(z.int().min(1)),
  reasoning,
  user: z.string().optional(),
  safety_identifier: allowNullOrAbsent(z.string()),
  prompt_cache_options: anyObject.optional(),
  prompt_cache_key: allowNullOrAbsent(z.string().max(64)),
  prompt_cache_retention: allowNullOrAbsent(z.enum(['in_memory', '24h'])),
  truncation,
  instructions,
  store: allowNullOrAbsent(z.boolean()),
  service_tier: allowNullOrAbsent(serviceTier),
  top_logprobs: allowNullOrAbsent(z.int().min(0).max(20)),
  context_management: allowNullOrAbsent(z.array(anyObject)),
  tool_choice: toolChoice.optional(),
  access_programs: anyObject.optional(),
  client_metadata: allowNullOrAbsent(anyObject),
  image: anyObject.optional(),
})

/**
 * A body of chat completions in the form of a Responses body. Chat completions takes a smaller limit of tokens, and a
 * longer key of the prompt cache was not refused there.
 */
export const translatedBodySchema = createBodySchema.extend({
  max_output_tokens: allowNullOrAbsent(z.int().min(1)),
  prompt_cache_key: allowNullOrAbsent(z.string()),
})

/** Both endpoints accept null in optional fields (SDK types InputTokenCountParams, ResponseCompactParams). */
export const inputTokensBodySchema = z.looseObject({
  model: allowNullOrAbsent(z.string()),
  input: input.nullish(),
  instructions,
  previous_response_id,
  conversation: allowNullOrAbsent(conversation),
  parallel_tool_calls,
  reasoning,
  text: text.nullable(),
  tool_choice: toolChoice.nullish(),
  tools: allowNullOrAbsent(z.array(tool)),
  truncation,
})
export const compactBodySchema = z.looseObject({
  model: z.string(),
  input: input.nullish(),
  instructions,
  previous_response_id,
})
/** Items that one request may add to a conversation (SERVICE-FACTS 12). */
const addedItems = z.array(inputItemSchema).max(20)
export const conversationBodySchema = z.strictObject({
  items: allowNullOrAbsent(addedItems),
  metadata: allowNullOrAbsent(metadata),
})
export const conversationUpdateSchema = z.strictObject({ metadata })
export const conversationItemsSchema = z.strictObject({ items: addedItems })
