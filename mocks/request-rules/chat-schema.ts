import { z } from 'zod'
import { isObject } from '../json.ts'

/**
 * The shape of a `POST /chat/completions` body, after the types of openai 7.55: strict at its top, as the API is with what it
 * does not know; what stands inside a message is left alone, save what the answer depends on. `n` above 1 is not offered
 * here, nor the functions of 2023.
 */
const allowNull = <Shape extends z.ZodType>(shape: Shape) => shape.nullish()
const loose = z.looseObject({})

const part = z.looseObject({ type: z.string() })
const content = z.union([z.string(), z.array(part)])

const functionCall = z.looseObject({
  id: z.string(),
  type: z.literal('function'),
  function: z.looseObject({ name: z.string(), arguments: z.string() }),
})
const customCall = z.looseObject({
  id: z.string(),
  type: z.literal('custom'),
  custom: z.looseObject({ name: z.string(), input: z.string() }),
})

const MESSAGES: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>(
  Object.entries({
    system: z.looseObject({ role: z.literal('system'), content }),
    developer: z.looseObject({ role: z.literal('developer'), content }),
    user: z.looseObject({ role: z.literal('user'), content }),
    assistant: z.looseObject({
      role: z.literal('assistant'),
      content: allowNull(content),
      refusal: allowNull(z.string()),
      tool_calls: allowNull(z.array(z.union([functionCall, customCall]))),
    }),
    tool: z.looseObject({ role: z.literal('tool'), content, tool_call_id: z.string() }),
  }),
)
const anyMessage = z.looseObject({ role: z.enum([...MESSAGES.keys()] as [string, ...string[]]) })

/** The branch is chosen by its role, so that a breach names its own place. */
const message = z.unknown().check((context) => {
  const { value } = context
  const shape = (isObject(value) && MESSAGES.get(String(value['role']))) || anyMessage
  const result = shape.safeParse(value)
  if (result.success) return
  for (const issue of result.error.issues) context.issues.push({ ...issue, input: value } as never)
})

const functionTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: allowNull(z.string()),
    parameters: allowNull(loose),
    strict: allowNull(z.boolean()),
  }),
})
const customTool = z.looseObject({ type: z.literal('custom'), custom: z.looseObject({ name: z.string() }) })

export const chatBodySchema = z.strictObject({
  model: z.string(),
  messages: z.array(message),
  audio: allowNull(loose),
  frequency_penalty: allowNull(z.number().min(-2).max(2)),
  logit_bias: allowNull(z.record(z.string(), z.number())),
  logprobs: allowNull(z.literal(false)),
  max_completion_tokens: allowNull(z.int().min(1)),
  max_tokens: allowNull(z.int().min(1)),
  metadata: allowNull(z.record(z.string(), z.string())),
  modalities: allowNull(z.array(z.string())),
  n: allowNull(z.literal(1)),
  parallel_tool_calls: z.boolean().optional(),
  prediction: allowNull(loose),
  presence_penalty: allowNull(z.number().min(-2).max(2)),
  prompt_cache_key: allowNull(z.string()),
  prompt_cache_retention: allowNull(z.enum(['in_memory', '24h'])),
  reasoning_effort: allowNull(z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'])),
  response_format: z.looseObject({ type: z.enum(['text', 'json_object', 'json_schema']) }).optional(),
  safety_identifier: allowNull(z.string()),
  seed: allowNull(z.int()),
  service_tier: allowNull(z.enum(['auto', 'default', 'flex', 'scale', 'priority'])),
  stop: allowNull(z.union([z.string(), z.array(z.string())])),
  store: allowNull(z.boolean()),
  stream: allowNull(z.boolean()),
  stream_options: allowNull(
    z.strictObject({
      include_usage: z.boolean().optional(),
      include_obfuscation: z.boolean().optional(),
    }),
  ),
  temperature: allowNull(z.number().min(0).max(2)),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.looseObject({ type: z.string() })])
    .optional(),
  tools: z.array(z.union([functionTool, customTool])).optional(),
  top_logprobs: allowNull(z.int().min(0).max(20)),
  top_p: allowNull(z.number().min(0).max(1)),
  user: z.string().optional(),
  verbosity: allowNull(z.enum(['low', 'medium', 'high'])),
  web_search_options: loose.optional(),
})
