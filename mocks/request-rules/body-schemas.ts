import { z } from 'zod'
import { isObject } from '../json.ts'
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

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: z.string(),
  description: allowNullOrAbsent(z.string()),
  parameters: allowNullOrAbsent(anyObject),
  strict: allowNullOrAbsent(z.boolean()),
  output_schema: allowNullOrAbsent(anyObject),
  defer_loading: z.boolean().optional(),
  async: z.boolean().optional(),
  allowed_callers: allowNullOrAbsent(z.array(z.string())),
})

const tool = chooseSchema((value) =>
  isObject(value) && value['type'] === 'function' ? functionTool : otherTool,
)

const chosenTool = z.looseObject({ type: z.string() })
const choiceWord = z.enum(['none', 'auto', 'required'])
const toolChoice = chooseSchema((value) =>
  isObject(value) ? chosenTool : typeof value === 'string' ? choiceWord : textSchema,
)

const jsonSchema = z.strictObject({
  type: z.literal('json_schema'),
  name: z.string(),
  schema: anyObject,
  description: allowNullOrAbsent(z.string()),
  strict: allowNullOrAbsent(z.boolean()),
})
const otherFormat = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema', 'grammar', 'python']),
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
const metadata = z
  .record(z.string(), z.string().max(512))
  .refine((held) => Object.keys(held).length <= 16, { error: 'at most 16 pairs' })
const inputItems = z.array(inputItemSchema)
const input = chooseSchema((value) => (typeof value === 'string' ? textSchema : inputItems))
const conversationById = z.strictObject({ id: z.string() })
const conversation = chooseSchema((value) => (isObject(value) ? conversationById : textSchema))

/** The fields that `POST /responses`, `/responses/input_tokens` and `/responses/compact` have in common. */
const asked = {
  model: z.string().optional(),
  input: input.optional(),
  instructions: allowNullOrAbsent(z.string()),
  previous_response_id: allowNullOrAbsent(z.string()),
}

const counted = {
  ...asked,
  conversation: allowNullOrAbsent(conversation),
  parallel_tool_calls: allowNullOrAbsent(z.boolean()),
  reasoning: allowNullOrAbsent(
    z.strictObject({
      effort: allowNullOrAbsent(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
      summary: allowNullOrAbsent(z.enum(['auto', 'concise', 'detailed'])),
      generate_summary: allowNullOrAbsent(z.enum(['auto', 'concise', 'detailed'])),
      context: allowNullOrAbsent(z.enum(['auto', 'current_turn', 'all_turns'])),
      mode: z.string().optional(),
    }),
  ),
  text: z
    .strictObject({
      format: format.optional(),
      verbosity: allowNullOrAbsent(z.enum(['low', 'medium', 'high'])),
    })
    .optional(),
  tool_choice: toolChoice.optional(),
  tools: z.array(tool).optional(),
  truncation: allowNullOrAbsent(z.enum(['auto', 'disabled'])),
}

export const createBodySchema = z.strictObject({
  ...counted,
  access_programs: anyObject.optional(),
  background: allowNullOrAbsent(z.boolean()),
  background_options: allowNullOrAbsent(anyObject),
  client_metadata: allowNullOrAbsent(anyObject),
  context_management: allowNullOrAbsent(z.array(anyObject)),
  image: anyObject.optional(),
  include: allowNullOrAbsent(include),
  max_output_tokens: allowNullOrAbsent(z.int().min(1)),
  max_tool_calls: allowNullOrAbsent(z.int().min(1)),
  metadata: allowNullOrAbsent(metadata),
  moderation: allowNullOrAbsent(anyObject),
  prompt: allowNullOrAbsent(z.looseObject({ id: z.string() })),
  prompt_cache_key: allowNullOrAbsent(z.string()),
  prompt_cache_options: anyObject.optional(),
  prompt_cache_retention: allowNullOrAbsent(z.enum(['in_memory', '24h'])),
  safety_identifier: allowNullOrAbsent(z.string()),
  service_tier: allowNullOrAbsent(
    z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast']),
  ),
  store: allowNullOrAbsent(z.boolean()),
  stream: allowNullOrAbsent(z.boolean()),
  stream_options: allowNullOrAbsent(z.strictObject({ include_obfuscation: z.boolean().optional() })),
  temperature: allowNullOrAbsent(z.number().min(0).max(2)),
  top_logprobs: allowNullOrAbsent(z.int().min(0).max(20)),
  top_p: allowNullOrAbsent(z.number().min(0).max(1)),
  user: z.string().optional(),
})

/** Both endpoints accept null in optional fields (SDK types InputTokenCountParams, ResponseCompactParams). */
export const inputTokensBodySchema = z.looseObject({
  ...counted,
  model: allowNullOrAbsent(z.string()),
  input: input.nullish(),
  text: counted.text.nullable(),
  tool_choice: toolChoice.nullish(),
  tools: allowNullOrAbsent(z.array(tool)),
})
export const compactBodySchema = z.looseObject({ ...asked, model: z.string(), input: input.nullish() })
/** Items that one request may add to a conversation (SERVICE-FACTS 12). */
const addedItems = z.array(inputItemSchema).max(20)
export const conversationBodySchema = z.strictObject({
  items: allowNullOrAbsent(addedItems),
  metadata: allowNullOrAbsent(metadata),
})
export const conversationUpdateSchema = z.strictObject({ metadata })
export const conversationItemsSchema = z.strictObject({ items: addedItems })
