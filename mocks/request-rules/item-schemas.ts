import { z } from 'zod'
import { isObject } from '../json.ts'

// The schemas of input items. body-schemas.ts says how strict they are.

export const allowNullOrAbsent = <Shape extends z.ZodType>(shape: Shape) => shape.nullish()
export const anyObject = z.looseObject({})

/**
 * Returns a schema that checks each value with the schema that `choose` picks for it. Unlike a union, it reports the place
 * of the first problem. `choose` must return prepared schemas: making one takes longer than a check.
 */
export function chooseSchema(choose: (value: unknown) => z.ZodType): z.ZodType {
  return z.unknown().check((context) => {
    const result = choose(context.value).safeParse(context.value)
    if (result.success) return
    for (const issue of result.error.issues) context.issues.push({ ...issue, input: context.value } as never)
  })
}

const textPartSchema = (kind: string, field: 'text' | 'refusal' = 'text') =>
  z.looseObject({ type: z.literal(kind), [field]: z.string() })

const PARTS: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries({
    input_text: textPartSchema('input_text'),
    output_text: textPartSchema('output_text'),
    refusal: textPartSchema('refusal', 'refusal'),
    summary_text: textPartSchema('summary_text'),
    reasoning_text: textPartSchema('reasoning_text'),
    text: textPartSchema('text'),
    input_image: anyObject,
    input_file: anyObject,
    input_audio: anyObject,
    computer_screenshot: anyObject,
  }),
)

const anyPart = z.looseObject({ type: z.enum([...PARTS.keys()] as [string, ...string[]]) })
const part = chooseSchema((value) => (isObject(value) && PARTS.get(String(value['type']))) || anyPart)

export const textSchema = z.string()
const parts = z.array(part)
const textOrParts = chooseSchema((value) => (Array.isArray(value) ? parts : textSchema))
const status = z.enum(['in_progress', 'completed', 'incomplete']).optional()
const id = z.string().optional()
const shared = {
  id: allowNullOrAbsent(z.string()),
  status: allowNullOrAbsent(z.enum(['in_progress', 'completed', 'incomplete'])),
}
const caller = allowNullOrAbsent(anyObject)
/** The service's lists show this field on their items (SDK types), so that a client may send it back. */
const created_by = allowNullOrAbsent(z.string())

const message = z.strictObject({
  type: z.literal('message').optional(),
  id,
  status,
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: textOrParts,
  phase: allowNullOrAbsent(z.enum(['commentary', 'final_answer'])),
})

const ITEMS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>(
  Object.entries({
    message,
    function_call: z.strictObject({
      type: z.literal('function_call'),
      id,
      status,
      call_id: z.string(),
      name: z.string(),
      arguments: z.string(),
      async: z.boolean().optional(),
      namespace: allowNullOrAbsent(z.string()),
      caller,
      created_by,
    }),
    function_call_output: z.strictObject({
      type: z.literal('function_call_output'),
      ...shared,
      call_id: z.string(),
      output: textOrParts,
      name: allowNullOrAbsent(z.string()),
      namespace: allowNullOrAbsent(z.string()),
      caller,
      created_by,
    }),
    reasoning: z.strictObject({
      type: z.literal('reasoning'),
      id,
      status,
      summary: z.array(part),
      content: allowNullOrAbsent(z.array(part)),
      encrypted_content: allowNullOrAbsent(z.string()),
    }),
    item_reference: z.strictObject({ type: allowNullOrAbsent(z.literal('item_reference')), id: z.string() }),
    compaction: z.strictObject({
      type: z.literal('compaction'),
      id: allowNullOrAbsent(z.string()),
      encrypted_content: z.string(),
      created_by,
    }),
  }),
)

/** Returns the fields that an item of this type must have, in the order of its schema and without `type`. */
export function listRequiredFields(type: string): string[] {
  const fields = Object.entries(ITEMS.get(type)?.shape ?? {})
  return fields.flatMap(([key, schema]) =>
    key === 'type' || z.safeParse(schema, undefined).success ? [] : [key],
  )
}

/** Types of items whose fields are not checked. */
const OTHER_ITEMS = [
  ...[
    'additional_tools',
    'agent_message',
    'apply_patch_call',
    'apply_patch_call_output',
    'code_interpreter_call',
    'compaction_trigger',
  ],
  ...[
    'computer_call',
    'computer_call_output',
    'configuration_update',
    'custom_tool_call',
    'custom_tool_call_output',
  ],
  ...[
    'file_search_call',
    'image_generation_call',
    'local_shell_call',
    'local_shell_call_output',
    'mcp_approval_request',
  ],
  ...['mcp_approval_response', 'mcp_call', 'mcp_list_tools', 'program', 'program_output', 'shell_call'],
  ...[
    'multi_agent_call',
    'multi_agent_call_output',
    'shell_call_output',
    'tool_search_call',
    'tool_search_output',
    'web_search_call',
  ],
]
const otherItem = z.looseObject({ type: z.enum([...ITEMS.keys(), ...OTHER_ITEMS] as [string, ...string[]]) })

export const inputItemSchema = chooseSchema((value) => {
  if (!isObject(value)) return anyObject
  const { type } = value
  if (type === undefined || type === null)
    return 'role' in value ? message : (ITEMS.get('item_reference') ?? anyObject)
  const known = typeof type === 'string' ? ITEMS.get(type) : undefined
  return known ?? otherItem
})
