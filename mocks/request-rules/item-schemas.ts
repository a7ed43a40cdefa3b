import { z } from 'zod'
import { isObject, type Json } from '../json.ts'
import { checkValue, findImageProblem } from './form-checks.ts'
import { formatValues, nameType } from './form-issue.ts'
import type { UnknownField } from './rule.ts'

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

/** The longest text of one place in the input, in characters (SERVICE-FACTS 15a: VectorlyApp/bluebox#31). */
export const textSchema = z.string().max(10_485_760)
/** The longest call_id, in characters (SERVICE-FACTS 15a). */
const CALL_ID_LENGTH = 64

const textPartSchema = (kind: string, field: 'text' | 'refusal' = 'text') =>
  z.looseObject({ type: z.literal(kind), [field]: textSchema })

const imagePart = z.looseObject({
  image_url: checkValue((url) => {
    const problem = typeof url === 'string' ? findImageProblem(url) : undefined
    return problem === undefined ? undefined : { kind: 'bad-image', values: { found: problem } }
  }).optional(),
})

const PARTS: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries({
    input_text: textPartSchema('input_text'),
    output_text: textPartSchema('output_text'),
    refusal: textPartSchema('refusal', 'refusal'),
    summary_text: textPartSchema('summary_text'),
    reasoning_text: textPartSchema('reasoning_text'),
    text: textPartSchema('text'),
    input_image: imagePart,
  }),
)

const typedPart = z.looseObject({ type: z.string() })

/** The types of content parts that the service knows, as its message lists them (SERVICE-FACTS 15a). */
const PART_TYPES = [
  ...['input_text', 'input_image', 'input_audio', 'output_text', 'refusal', 'input_file'],
  ...['computer_screenshot', 'summary_text', 'encrypted_content'],
]
const unknownPart = checkValue((value) => ({
  kind: 'wrong-value',
  values: { found: readText(value, 'type'), values: formatValues(PART_TYPES, 'and') },
  path: ['type'],
}))

/** Returns the schema of a list of content parts, each of a type that `supported` lists. */
function listParts(supported: readonly string[], unknown?: readonly UnknownField[]): z.ZodType {
  const otherVariant = checkValue((value) => ({
    kind: 'wrong-value',
    values: { found: readText(value, 'type'), values: formatValues(supported, 'and') },
    ...(unknown === undefined ? {} : { unknown }),
  }))
  const part = chooseSchema((value) => {
    const type = isObject(value) ? value['type'] : undefined
    if (typeof type !== 'string') return typedPart
    if (supported.includes(type)) return PARTS.get(type) ?? anyObject
    return PART_TYPES.includes(type) || type === 'scoped_content' ? otherVariant : unknownPart
  })
  return z.array(part)
}

function readText(value: unknown, key: string): string {
  const held = isObject(value) ? value[key] : undefined
  return typeof held === 'string' ? held : ''
}

const anyPart = chooseSchema((value) => (isObject(value) && PARTS.get(String(value['type']))) || typedPart)
const orText = (parts: z.ZodType) => chooseSchema((value) => (Array.isArray(value) ? parts : textSchema))
/** The parts of a message by its role. Of the roles system and developer nobody has seen a refused part. */
const userContent = orText(
  listParts(['input_text', 'input_image', 'input_file', 'scoped_content', 'input_audio']),
)
const assistantContent = orText(listParts(['output_text', 'refusal']))
const otherContent = orText(listParts([...PART_TYPES, 'scoped_content']))
/** Code and param of this refusal were not shown (SERVICE-FACTS 15a). */
const outputContent = orText(listParts(['input_text', 'input_image', 'input_file'], ['code', 'param']))
const status = z.enum(['in_progress', 'completed', 'incomplete']).optional()
const id = z.string().optional()
const shared = {
  id: allowNullOrAbsent(z.string()),
  status: allowNullOrAbsent(z.enum(['in_progress', 'completed', 'incomplete'])),
}
const caller = allowNullOrAbsent(anyObject)
/** The service's lists show this field on their items (SDK types), so that a client may send it back. */
const created_by = allowNullOrAbsent(z.string())

const callId = z.string().max(CALL_ID_LENGTH)
const message = z.strictObject({
  type: z.literal('message').optional(),
  id,
  status,
  role: z.enum(['user', 'assistant', 'system', 'developer']),
  content: otherContent,
  phase: allowNullOrAbsent(z.enum(['commentary', 'final_answer'])),
})
const MESSAGES: ReadonlyMap<unknown, z.ZodType> = new Map<unknown, z.ZodType>([
  [
    'user',
    message.extend({
      content: userContent,
      // Only messages of the assistant have a phase.
      phase: checkValue((value) => (value === null ? undefined : { kind: 'unknown' })).optional(),
    }),
  ],
  ['assistant', message.extend({ content: assistantContent })],
  ['system', message],
  ['developer', message],
  [undefined, message],
])
const unknownRole = checkValue((value) => ({
  kind: 'wrong-value',
  values: {
    found: readText(value, 'role'),
    values: formatValues(['assistant', 'system', 'developer', 'user'], 'and'),
  },
}))

const ITEMS: ReadonlyMap<string, z.ZodObject> = new Map<string, z.ZodObject>(
  Object.entries({
    message,
    function_call: z.strictObject({
      type: z.literal('function_call'),
      id,
      status,
      call_id: callId,
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
      call_id: callId,
      output: outputContent,
      name: allowNullOrAbsent(z.string()),
      namespace: allowNullOrAbsent(z.string()),
      caller,
      created_by,
    }),
    reasoning: z.strictObject({
      type: z.literal('reasoning'),
      id,
      status,
      summary: z.array(anyPart),
      content: allowNullOrAbsent(z.array(anyPart)),
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
const otherItem = z.looseObject({
  type: z.enum(OTHER_ITEMS as [string, ...string[]]),
  call_id: checkValue((held) =>
    typeof held === 'string' && held.length > CALL_ID_LENGTH
      ? { kind: 'string-too-long', values: { bound: CALL_ID_LENGTH, found: held.length } }
      : undefined,
  ).optional(),
})
/** Every type that an item of an input may have. */
export const INPUT_TYPES: readonly string[] = ['message', ...ITEMS.keys(), ...OTHER_ITEMS]
/** The item types as the service's message lists them: without the newest one (SERVICE-FACTS 15c). */
const LISTED_TYPES = [...ITEMS.keys(), ...OTHER_ITEMS]
  .sort()
  .filter((type) => type !== 'configuration_update')
const unknownType = checkValue((value) => ({
  kind: 'wrong-value',
  values: { found: readText(value, 'type'), values: formatValues(LISTED_TYPES, 'and') },
}))
const notAnItem = checkValue((value) => ({
  kind: 'wrong-type',
  values: { expected: 'an input item', found: nameType(value as Json) },
}))

export const inputItemSchema = chooseSchema((value) => {
  if (!isObject(value)) return notAnItem
  const { type, role } = value
  if (type === undefined || type === null) {
    const isReference = role === undefined && 'id' in value
    return isReference
      ? (ITEMS.get('item_reference') ?? anyObject)
      : (MESSAGES.get(role ?? '') ?? unknownRole)
  }
  if (type === 'message') return MESSAGES.get(role) ?? unknownRole
  if (typeof type !== 'string') return unknownType
  return ITEMS.get(type) ?? (OTHER_ITEMS.includes(type) ? otherItem : unknownType)
})
