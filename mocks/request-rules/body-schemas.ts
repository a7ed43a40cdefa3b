import { z } from 'zod'
import { isObject } from '../json.ts'
import { aText, chosen, inputItem, loose, nullable } from './item-schemas.ts'

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
  description: nullable(z.string()),
  parameters: nullable(loose),
  strict: nullable(z.boolean()),
  output_schema: nullable(loose),
  defer_loading: z.boolean().optional(),
  async: z.boolean().optional(),
  allowed_callers: nullable(z.array(z.string())),
})

const tool = chosen((value) => (isObject(value) && value['type'] === 'function' ? functionTool : otherTool))

const chosenTool = z.looseObject({ type: z.string() })
const choiceWord = z.enum(['none', 'auto', 'required'])
const toolChoice = chosen((value) =>
  isObject(value) ? chosenTool : typeof value === 'string' ? choiceWord : aText,
)

const jsonSchema = z.strictObject({
  type: z.literal('json_schema'),
  name: z.string(),
  schema: loose,
  description: nullable(z.string()),
  strict: nullable(z.boolean()),
})
const otherFormat = z.looseObject({
  type: z.enum(['text', 'json_object', 'json_schema', 'grammar', 'python']),
})
const format = chosen((value) =>
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
const inputItems = z.array(inputItem)
const input = chosen((value) => (typeof value === 'string' ? aText : inputItems))
const conversationById = z.strictObject({ id: z.string() })
const conversation = chosen((value) => (isObject(value) ? conversationById : aText))

/** The fields that `POST /responses`, `/responses/input_tokens` and `/responses/compact` have in common. */
const asked = {
  model: z.string().optional(),
  input: input.optional(),
  instructions: nullable(z.string()),
  previous_response_id: nullable(z.string()),
}

const counted = {
  ...asked,
  conversation: nullable(conversation),
  parallel_tool_calls: nullable(z.boolean()),
  reasoning: nullable(
    z.strictObject({
      effort: nullable(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
      summary: nullable(z.enum(['auto', 'concise', 'detailed'])),
      generate_summary: nullable(z.enum(['auto', 'concise', 'detailed'])),
      context: nullable(z.enum(['auto', 'current_turn', 'all_turns'])),
      mode: z.string().optional(),
    }),
  ),
  text: z
    .strictObject({ format: format.optional(), verbosity: nullable(z.enum(['low', 'medium', 'high'])) })
    .optional(),
  tool_choice: toolChoice.optional(),
  tools: z.array(tool).optional(),
  truncation: nullable(z.enum(['auto', 'disabled'])),
}

export const createBody = z.strictObject({
  ...counted,
  access_programs: loose.optional(),
  background: nullable(z.boolean()),
  client_metadata: nullable(loose),
  context_management: nullable(z.array(loose)),
  image: loose.optional(),
  include: nullable(include),
  max_output_tokens: nullable(z.int().min(1)),
  max_tool_calls: nullable(z.int().min(1)),
  metadata: nullable(metadata),
  moderation: nullable(loose),
  prompt: nullable(z.looseObject({ id: z.string() })),
  prompt_cache_key: nullable(z.string()),
  prompt_cache_options: loose.optional(),
  prompt_cache_retention: nullable(z.enum(['in_memory', '24h'])),
  safety_identifier: nullable(z.string()),
  service_tier: nullable(z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast', 'ultrafast'])),
  store: nullable(z.boolean()),
  stream: nullable(z.boolean()),
  stream_options: nullable(z.strictObject({ include_obfuscation: z.boolean().optional() })),
  temperature: nullable(z.number().min(0).max(2)),
  top_logprobs: nullable(z.int().min(0).max(20)),
  top_p: nullable(z.number().min(0).max(1)),
  user: z.string().optional(),
})

/** Both endpoints accept null in optional fields (SDK types InputTokenCountParams, ResponseCompactParams). */
export const inputTokensBody = z.looseObject({
  ...counted,
  model: nullable(z.string()),
  input: input.nullish(),
  text: counted.text.nullable(),
  tool_choice: toolChoice.nullish(),
  tools: nullable(z.array(tool)),
})
export const compactBody = z.looseObject({ ...asked, model: z.string(), input: input.nullish() })
/** Items that one request may add to a conversation (SERVICE-FACTS 12). */
const addedItems = z.array(inputItem).max(20)
export const conversationBody = z.strictObject({
  items: nullable(addedItems),
  metadata: nullable(metadata),
})
export const conversationUpdate = z.strictObject({ metadata })
export const conversationItems = z.strictObject({ items: addedItems })
