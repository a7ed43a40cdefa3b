import { isObject, type Json, type JsonObject, listObjects } from '../json.ts'
import { readInputItems } from '../request.ts'
import type { FactOptions } from '../service/options.ts'
import { refuseForm, refuseIssue } from './body-form.ts'
import { createBodySchema, translatedBodySchema } from './body-schemas.ts'
import type { CreateRequest } from './models.ts'
import { findNearNames } from './near-names.ts'
import { defineRule, findRefusal, type Refusal, type RequestRule } from './rule.ts'
import { toolRules } from './tool-rules.ts'

export const inputGiven = defineRule<Pick<CreateRequest, 'body'>>({
  id: 'input-given',
  statement: 'A request has an input, a prompt or a conversation, even if it has a previous response',
  source:
    'SERVICE-FACTS 15a, 15c: published probe (ADAPTER); a prompt alone is recorded, a conversation alone is a guess',
  code: 'missing_required_parameter',
  param: 'input',
  message: "Missing required parameter: 'input'.",
  findBreach: ({ body }) =>
    body['input'] === undefined && isAbsent(body['prompt']) && isAbsent(body['conversation'])
      ? {}
      : undefined,
})

/** Asked after the rules about earlier responses and conversations. */
export const inputNotEmpty = defineRule<Pick<CreateRequest, 'body'>>({
  id: 'input-not-empty',
  statement: 'A request that continues nothing and has no prompt has an input that is not empty',
  source: 'SERVICE-FACTS 15a: published probe (ADAPTER)',
  code: 'missing_required_parameter',
  message: 'One of "input" or "previous_response_id" or \'prompt\' or \'conversation\' must be provided.',
  findBreach({ body }) {
    const { input } = body
    const isEmpty = input === '' || (Array.isArray(input) && input.length === 0)
    const others = [body['prompt'], body['previous_response_id'], body['conversation']]
    return isEmpty && others.every(isAbsent) ? {} : undefined
  },
})

function isAbsent(value: Json | undefined): boolean {
  return value === undefined || value === null
}

/** Only under the option `longMetadataKey`. */
const metadataKeysShort = defineRule<CreateRequest>({
  id: 'metadata-keys-short',
  statement: 'No key of metadata is longer than 64 characters',
  source: 'SERVICE-FACTS 15b: documented; nobody has seen the refusal, hence an option',
  code: 'string_above_max_length',
  param: 'metadata',
  message:
    "Invalid 'metadata': string too long. Expected a string with maximum length 64, but got a string with length {length} instead.",
  findBreach({ body, options }) {
    const metadata = isObject(body['metadata']) ? body['metadata'] : {}
    const long = Object.keys(metadata).find((key) => key.length > 64)
    return options.longMetadataKey === 'accept' || long === undefined ? undefined : { length: long.length }
  },
  unknownFields: () => ['code', 'param'],
})

/** Only under the option `mcpWithoutLabel`. */
const mcpServerLabelled = defineRule<CreateRequest>({
  id: 'mcp-server-labelled',
  statement: 'An mcp tool has a server_label',
  source:
    'SERVICE-FACTS 15a: after the refusals of file_search and code_interpreter, a guess, hence an option',
  code: 'missing_required_parameter',
  param: 'tools[{index}].server_label',
  message: "Missing required parameter: 'tools[{index}].server_label'.",
  findBreach({ body, options }) {
    if (options.mcpWithoutLabel === 'accept') return undefined
    const index = listObjects(body['tools']).findIndex(
      ({ type, server_label: label }) => type === 'mcp' && label === undefined,
    )
    return index < 0 ? undefined : { index }
  },
  unknownFields: () => ['code', 'param'],
})

/** Only under the option `adjacentUpdates`. */
const updatesApart = defineRule<CreateRequest>({
  id: 'configuration-updates-apart',
  statement: 'No configuration_update directly follows another one',
  source: 'SERVICE-FACTS 15a: a guide as a note quotes it; the body is not known, hence an option',
  param: 'input',
  message: 'Two configuration_update items must not be adjacent.',
  findBreach({ body, options }) {
    const types = readInputItems(body['input']).map(({ type }) => type)
    const isPair = (type: Json | undefined, at: number) =>
      type === 'configuration_update' && types[at + 1] === 'configuration_update'
    return options.adjacentUpdates === 'refuse' && types.some(isPair) ? {} : undefined
  },
  unknownFields: () => ['code', 'param'],
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
  ...toolRules,
  metadataKeysShort,
  mcpServerLabelled,
  updatesApart,
  backgroundIsStored,
]

/**
 * Returns the refusal of a `POST /responses` body for the body alone, or undefined, in the order of the service: the model
 * and the input are there, all parameters are known, each has its form, and together they fit (SERVICE-FACTS 15c). A body that
 * was translated from chat completions has the limits of chat completions.
 */
export function refuseCreateBody(asked: CreateRequest, isTranslated = false): Refusal | undefined {
  const body = omitAcceptedNulls(asked.body, asked.options)
  return (
    refuseModelAbsent(body) ??
    findRefusal([inputGiven], { body }) ??
    refuseUnknownParameter(body) ??
    refuseForm(body, isTranslated ? translatedBodySchema : createBodySchema) ??
    findRefusal(createBodyRules, asked)
  )
}

function refuseModelAbsent(body: JsonObject): Refusal | undefined {
  return body['model'] === undefined && !isObject(body['prompt'])
    ? refuseIssue({ kind: 'missing', values: { param: 'model' } })
    : undefined
}

const PARAMETERS = Object.keys(createBodySchema.shape)

/** Returns the refusal of the first parameter that the service does not know. It names parameters with a similar name. */
function refuseUnknownParameter(body: JsonObject): Refusal | undefined {
  const param = Object.keys(body).find((key) => !PARAMETERS.includes(key))
  if (param === undefined) return undefined
  if (param === 'messages') return refuseIssue({ kind: 'moved', values: {} })
  const names = findNearNames(
    param,
    PARAMETERS.filter((name) => body[name] === undefined),
  )
  const hint = names.length === 0 ? '' : ` Did you mean ${names.map((name) => `'${name}'`).join(' or ')}?`
  return refuseIssue({ kind: 'unknown', values: { param, hint } })
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
