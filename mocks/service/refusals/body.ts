import { isObject, type Json, type JsonObject } from '../../json.ts'
import { strictBreach } from '../compose/strict.ts'
import type { Machine, ModelSpec } from '../machine.ts'
import type { CreateBody } from '../types.ts'
import { refuseShape } from './issues.ts'
import { type Refused, refused } from './refusal.ts'
import * as section6 from './section-6.ts'
import { backgroundUnstored } from './section-8.ts'
import { createBody } from './shapes.ts'

/** A check of a create body by itself. */
type BodyCheck = (body: CreateBody, machine: Machine) => Refused | undefined

/** The refusal of a `POST /responses` body that is wrong whatever the service holds, or undefined. */
export function refuseBody(body: CreateBody, machine: Machine): Refused | undefined {
  for (const check of CHECKS) {
    const refusal = check(body, machine)
    if (refusal !== undefined) return refusal
  }
  return undefined
}

/** What a service knows of a model; `*` in its table stands for every name that is not there. */
export function modelOf(body: CreateBody, { models }: Machine): ModelSpec | undefined {
  if (models === undefined) return {}
  const name = String(body['model'])
  return Object.hasOwn(models, name) ? models[name] : models['*']
}

const modelGiven: BodyCheck = (body) =>
  body['model'] === undefined && !isObject(body['prompt'])
    ? refused(section6.missingParameter, { param: 'model' })
    : undefined

const modelExists: BodyCheck = (body, machine) =>
  body['model'] !== undefined && modelOf(body, machine) === undefined
    ? refused(section6.modelNotFound, { model: String(body['model']) })
    : undefined

/** A prompt, a chain or a conversation can stand in for the input. */
const inputGiven: BodyCheck = (body) => {
  const others = [body['prompt'], body['previous_response_id'], body['conversation']]
  return body['input'] === undefined && others.every((other) => other === undefined || other === null)
    ? refused(section6.noInput)
    : undefined
}

const modelSupports: BodyCheck = (body, machine) => {
  const spec = modelOf(body, machine)
  const effort = isObject(body['reasoning']) ? body['reasoning']['effort'] : undefined
  if (typeof effort === 'string' && spec?.efforts && !spec.efforts.includes(effort)) {
    const values = spec.efforts.map((value) => `'${value}'`).join(', ')
    return refused(section6.unsupportedEffort, { effort, model: String(body['model']), values })
  }
  if (typeof body['temperature'] === 'number' && spec?.temperature === false)
    return refused(section6.unsupportedTemperature)
  const include = Array.isArray(body['include']) ? body['include'] : []
  return spec?.encryptedReasoning === false && include.includes('reasoning.encrypted_content')
    ? refused(section6.unsupportedEncryption)
    : undefined
}

/** In strict mode every object lists all its properties as required and allows no others. */
const schemasStrict: BodyCheck = (body) => {
  const tools = Array.isArray(body['tools']) ? body['tools'] : []
  for (const [index, tool] of tools.entries()) {
    if (!isObject(tool) || tool['strict'] !== true || !isObject(tool['parameters'])) continue
    const breach = strictBreach(tool['parameters'])
    if (breach !== undefined)
      return refused(section6.invalidFunctionParameters, { index, name: String(tool['name']), breach })
  }
  const format = isObject(body['text']) ? body['text']['format'] : undefined
  if (!isObject(format) || format['strict'] !== true || !isObject(format['schema'])) return undefined
  const breach = strictBreach(format['schema'])
  return breach === undefined
    ? undefined
    : refused(section6.invalidJsonSchema, { name: String(format['name']), breach })
}

const toolChoiceOffered: BodyCheck = (body, { facts }) => {
  const choice = body['tool_choice']
  if (facts.toolChoiceAbsent === 'accept' || !isObject(choice) || choice['type'] !== 'function')
    return undefined
  const tools = Array.isArray(body['tools']) ? body['tools'] : []
  const offered = tools.some((tool) => isObject(tool) && tool['name'] === choice['name'])
  return offered ? undefined : refused(section6.toolChoiceAbsent, { name: String(choice['name']) })
}

const backgroundStored: BodyCheck = (body, { facts }) =>
  facts.backgroundUnstored === 'refuse' && body['background'] === true && body['store'] === false
    ? refused(backgroundUnstored)
    : undefined

/** Optional fields to which the SDK types give no null, and of which nobody has seen null refused. */
const LEFT_OPEN = ['access_programs', 'image', 'prompt_cache_options', 'text', 'tool_choice', 'tools', 'user']

/** The body as if null in an optional field, and as the id of an input item, were the same as no field. */
function withoutNulls(body: CreateBody): CreateBody {
  const seen = { ...body }
  for (const key of LEFT_OPEN) if (seen[key] === null) delete seen[key]
  const { text, input } = seen
  if (isObject(text) && text['format'] === null) seen['text'] = without(text, 'format')
  if (Array.isArray(input))
    seen['input'] = input.map((item) => (isObject(item) && item['id'] === null ? without(item, 'id') : item))
  return seen
}

function without(object: JsonObject, key: string): JsonObject {
  const { [key]: _, ...rest } = object
  return rest
}

/** The body as if null as the status of a call were the same as none. */
function withoutNullStatus(body: CreateBody): CreateBody {
  const { input } = body
  if (!Array.isArray(input)) return body
  const isNull = (item: Json) => isObject(item) && item['type'] === 'function_call' && item['status'] === null
  return {
    ...body,
    input: input.map((item) => (isNull(item) ? without(item as JsonObject, 'status') : item)),
  }
}

const CHECKS: readonly BodyCheck[] = [
  (body, { facts }) => {
    const seen = facts.nullForOptional === 'accept' ? withoutNulls(body) : body
    return refuseShape(facts.nullStatusOfCall === 'accept' ? withoutNullStatus(seen) : seen, createBody)
  },
  modelGiven,
  inputGiven,
  modelExists,
  modelSupports,
  schemasStrict,
  toolChoiceOffered,
  backgroundStored,
]
