import { isObject, type Json, type JsonObject } from '../json.ts'
import type { FactOptions } from '../service/options.ts'
import { refuseForm, refuseIssue } from './body-form.ts'
import { createBodySchema } from './body-schemas.ts'
import { type CreateRequest, modelRules } from './models.ts'
import { defineRule, findRefusal, type Refusal, type RequestRule } from './rule.ts'
import { findStrictBreach } from './strict-schema.ts'

export const inputGiven = defineRule<Pick<CreateRequest, 'body'>>({
  id: 'input-given',
  statement: 'A request has an input, a prompt, a previous response or a conversation',
  source: 'SERVICE-FACTS, Unknown 9: the text is not known; the code as for every missing parameter',
  code: 'missing_required_parameter',
  param: 'input',
  message: "Missing required parameter: 'input'.",
  findBreach({ body }) {
    const others = [body['prompt'], body['previous_response_id'], body['conversation']]
    const isAbsent = (other: Json | undefined) => other === undefined || other === null
    return body['input'] === undefined && others.every(isAbsent) ? {} : undefined
  },
})

const functionParametersStrict = defineRule<CreateRequest>({
  id: 'function-parameters-strict',
  statement: 'The parameters of a strict function tool are a schema that strict mode accepts',
  source: 'SERVICE-FACTS 6: recorded (mirascope)',
  code: 'invalid_function_parameters',
  param: 'tools[{index}].parameters',
  message: "Invalid schema for function '{name}': {breach}",
  findBreach({ body }) {
    const tools = Array.isArray(body['tools']) ? body['tools'] : []
    for (const [index, tool] of tools.entries()) {
      if (!isObject(tool) || tool['strict'] !== true || !isObject(tool['parameters'])) continue
      const breach = findStrictBreach(tool['parameters'])
      if (breach !== undefined) return { index, name: String(tool['name']), breach }
    }
    return undefined
  },
})

const textFormatSchemaStrict = defineRule<CreateRequest>({
  id: 'text-format-schema-strict',
  statement: 'The schema of a strict text format is one that strict mode accepts',
  source: 'SERVICE-FACTS 6: recorded (dd-trace-js)',
  code: 'invalid_json_schema',
  param: 'text.format.schema',
  message: "Invalid schema for response_format '{name}': {breach}",
  findBreach({ body }) {
    const format = isObject(body['text']) ? body['text']['format'] : undefined
    if (!isObject(format) || format['strict'] !== true || !isObject(format['schema'])) return undefined
    const breach = findStrictBreach(format['schema'])
    return breach === undefined ? undefined : { name: String(format['name']), breach }
  },
})

/** Only under the option `toolChoiceAbsent`. */
const toolChoiceNamesATool = defineRule<CreateRequest>({
  id: 'tool-choice-names-a-tool',
  statement: 'A tool_choice that names a function names one of the tools',
  source: 'SERVICE-FACTS, Unknown 9: whether and how it is refused is not known, hence an option',
  param: 'tool_choice',
  message: "Tool choice '{name}' not found in 'tools' parameter.",
  findBreach({ body, options }) {
    const choice = body['tool_choice']
    if (options.toolChoiceAbsent === 'accept' || !isObject(choice) || choice['type'] !== 'function')
      return undefined
    const tools = Array.isArray(body['tools']) ? body['tools'] : []
    const isOffered = tools.some((tool) => isObject(tool) && tool['name'] === choice['name'])
    return isOffered ? undefined : { name: String(choice['name']) }
  },
})

/** Only under the option `backgroundUnstored`. */
const backgroundIsStored = defineRule<CreateRequest>({
  id: 'background-is-stored',
  statement: 'A background response is stored',
  source: 'SERVICE-FACTS 8: Azure contract B13; OpenAI’s guide lets it pass, hence an option',
  code: 'unsupported_parameter',
  param: 'background',
  message: "Unsupported parameter: 'background' requires 'store' to be true.",
  findBreach: ({ body, options }) =>
    options.backgroundUnstored === 'refuse' && body['background'] === true && body['store'] === false
      ? {}
      : undefined,
})

/** The rules about a well-formed body of `POST /responses`, in the order in which they are asked. */
export const createBodyRules: readonly RequestRule<CreateRequest>[] = [
  inputGiven,
  ...modelRules,
  functionParametersStrict,
  textFormatSchemaStrict,
  toolChoiceNamesATool,
  backgroundIsStored,
]

/** Returns the refusal of a `POST /responses` body for the body alone, or undefined. Its form is checked first. */
export function refuseCreateBody(asked: CreateRequest): Refusal | undefined {
  const { body, options } = asked
  return (
    refuseForm(omitAcceptedNulls(body, options), createBodySchema) ??
    refuseModelAbsent(body) ??
    findRefusal(createBodyRules, asked)
  )
}

function refuseModelAbsent(body: JsonObject): Refusal | undefined {
  return body['model'] === undefined && !isObject(body['prompt'])
    ? refuseIssue({ kind: 'missing', values: { param: 'model' } })
    : undefined
}

/** Returns the body without the nulls that the options accept. */
function omitAcceptedNulls(body: JsonObject, options: FactOptions): JsonObject {
  const rest = options.nullForOptional === 'accept' ? omitNulls(body) : body
  return options.nullStatusOfCall === 'accept' ? omitNullStatuses(rest) : rest
}

/** Optional fields that the SDK types do not let be null. Nobody has seen null refused there. */
const OPTIONAL_FIELDS = [
  'access_programs',
  'image',
  'prompt_cache_options',
  'text',
  'tool_choice',
  'tools',
  'user',
]

function omitNulls(body: JsonObject): JsonObject {
  const rest = { ...body }
  for (const key of OPTIONAL_FIELDS) if (rest[key] === null) delete rest[key]
  const { text, input } = rest
  if (isObject(text) && text['format'] === null) rest['text'] = omitKey(text, 'format')
  if (Array.isArray(input))
    rest['input'] = input.map((item) => (isObject(item) && item['id'] === null ? omitKey(item, 'id') : item))
  return rest
}

function omitNullStatuses(body: JsonObject): JsonObject {
  const { input } = body
  if (!Array.isArray(input)) return body
  const isNull = (item: Json) => isObject(item) && item['type'] === 'function_call' && item['status'] === null
  return {
    ...body,
    input: input.map((item) => (isNull(item) ? omitKey(item as JsonObject, 'status') : item)),
  }
}

function omitKey(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object
  return rest
}
