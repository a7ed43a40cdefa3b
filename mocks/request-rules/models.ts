import { isObject, type JsonObject } from '../json.ts'
import type { FactOptions } from '../service/options.ts'
import { formatValues } from './form-issue.ts'
import { defineRule, type RequestRule } from './rule.ts'

/** The abilities of one model. A service without a table of models accepts every name, and every model can do everything. */
export interface ModelSpec {
  /** Tokens that a context may have. A longer one is refused, or cut with `truncation: auto`. */
  contextWindow?: number
  /** The accepted values of `reasoning.effort`. */
  efforts?: readonly string[]
  /** False: `temperature` is refused. */
  temperature?: boolean
  /** False: `top_p` is refused. */
  topP?: boolean
  /** False: `top_logprobs` and `include: message.output_text.logprobs` are refused, as of reasoning models. */
  logprobs?: boolean
  /** False: `prompt_cache_retention: in_memory` is refused, as of newer models. */
  inMemoryCache?: boolean
  /** False: `include: reasoning.encrypted_content` is refused. */
  encryptedReasoning?: boolean
}

/** The models of a service by name. `*` stands for every name that is not in the table. */
export type ModelTable = Readonly<Record<string, ModelSpec>>

/** A body of `POST /responses` and what the service is set up with. */
export interface CreateRequest {
  body: JsonObject
  models: ModelTable | undefined
  options: FactOptions
}

/** Returns the abilities of the model that a body names, or undefined if the service has no such model. */
export function findModel(body: JsonObject, models: ModelTable | undefined): ModelSpec | undefined {
  if (models === undefined) return {}
  const name = String(body['model'])
  return Object.hasOwn(models, name) ? models[name] : models['*']
}

type ModelRequest = Pick<CreateRequest, 'body' | 'models'> & { options: Pick<FactOptions, 'unknownModel'> }

const modelUnknown = {
  statement: 'The model of a request exists',
  code: 'model_not_found',
  param: 'model',
  message: "The requested model '{model}' does not exist.",
}

function findUnknownModel({ body, models }: ModelRequest): { model: string } | undefined {
  const isUnknown = body['model'] !== undefined && findModel(body, models) === undefined
  return isUnknown ? { model: String(body['model']) } : undefined
}

const modelExists = defineRule<ModelRequest>({
  ...modelUnknown,
  id: 'model-exists',
  source: 'SERVICE-FACTS 6: recorded (rig, dd-trace-py)',
  findBreach: (asked) => (asked.options.unknownModel === '400' ? findUnknownModel(asked) : undefined),
})

/** Only under the option `unknownModel: 404`. */
const modelFound = defineRule<ModelRequest>({
  ...modelUnknown,
  id: 'model-found',
  status: 404,
  source: 'SERVICE-FACTS 15a: BerriAI/litellm#39457; the body was not seen, hence an option',
  findBreach: (asked) => (asked.options.unknownModel === '404' ? findUnknownModel(asked) : undefined),
  unknownFields: () => ['code', 'param'],
})

export const listedModelFound = defineRule<{ model: string; isKnown: boolean }>({
  id: 'listed-model-found',
  statement: 'The model that a path names exists',
  source: 'SERVICE-FACTS 12: documented (API reference); message and code as clients report them',
  status: 404,
  code: 'model_not_found',
  param: 'model',
  message: "The model '{model}' does not exist",
  findBreach: ({ model, isKnown }) => (isKnown ? undefined : { model }),
})

/** The rules about the name of a model. */
export const modelNameRules: readonly RequestRule<ModelRequest>[] = [modelExists, modelFound]

const modelSupportsEffort = defineRule<CreateRequest>({
  id: 'model-supports-effort',
  statement: 'The model supports the reasoning effort of the request',
  source: 'SERVICE-FACTS 6: recorded (mirascope)',
  code: 'unsupported_value',
  param: 'reasoning.effort',
  message:
    "Unsupported value: '{effort}' is not supported with the '{model}' model. Supported values are: {values}.",
  findBreach({ body, models }) {
    const efforts = findModel(body, models)?.efforts
    const effort = isObject(body['reasoning']) ? body['reasoning']['effort'] : undefined
    if (typeof effort !== 'string' || !efforts || efforts.includes(effort)) return undefined
    return { effort, model: String(body['model']), values: formatValues(efforts, 'and') }
  },
})

const modelSupportsTemperature = defineRule<CreateRequest>({
  id: 'model-supports-temperature',
  statement: 'A request sets a temperature only if the model supports one',
  source: 'SERVICE-FACTS 6: recorded (vercel)',
  param: 'temperature',
  message: "Unsupported parameter: 'temperature' is not supported with this model.",
  findBreach: ({ body, models }) =>
    typeof body['temperature'] === 'number' && findModel(body, models)?.temperature === false
      ? {}
      : undefined,
})

const modelSupportsTopP = defineRule<CreateRequest>({
  id: 'model-supports-top-p',
  statement: 'A request sets top_p only if the model supports it',
  source: 'SERVICE-FACTS 15a: published probe (ADAPTER)',
  param: 'top_p',
  message: "Unsupported parameter: 'top_p' is not supported with this model.",
  findBreach: ({ body, models }) =>
    typeof body['top_p'] === 'number' && findModel(body, models)?.topP === false ? {} : undefined,
})

const modelSupportsLogprobs = defineRule<CreateRequest>({
  id: 'model-supports-logprobs',
  statement: 'A request asks for logprobs only if the model supports them',
  source: 'SERVICE-FACTS 15a: published probe (ADAPTER)',
  code: 'unsupported_parameter',
  param: '{param}',
  message: 'logprobs are not supported with reasoning models.',
  findBreach({ body, models }) {
    if (findModel(body, models)?.logprobs !== false) return undefined
    const include = Array.isArray(body['include']) ? body['include'] : []
    if (include.includes('message.output_text.logprobs')) return { param: 'include' }
    return Number(body['top_logprobs'] ?? 0) > 0 ? { param: 'top_logprobs' } : undefined
  },
})

const modelSupportsInMemoryCache = defineRule<CreateRequest>({
  id: 'model-supports-in-memory-cache',
  statement: 'A request asks for the in_memory prompt cache only if the model supports it',
  source: 'SERVICE-FACTS 15a: published probe (ADAPTER)',
  code: 'invalid_parameter',
  param: 'prompt_cache_retention',
  message: 'This model is compatible only with 24h extended prompt caching',
  findBreach: ({ body, models }) =>
    body['prompt_cache_retention'] === 'in_memory' && findModel(body, models)?.inMemoryCache === false
      ? {}
      : undefined,
})

const modelSupportsEncryptedReasoning = defineRule<CreateRequest>({
  id: 'model-supports-encrypted-reasoning',
  statement: 'A request includes encrypted reasoning only if the model supports it',
  source: 'SERVICE-FACTS 3: OpenHands/software-agent-sdk#1208; code and param unknown',
  param: 'include',
  message: 'Encrypted content is not supported with this model.',
  findBreach({ body, models }) {
    const include = Array.isArray(body['include']) ? body['include'] : []
    const isAsked = include.includes('reasoning.encrypted_content')
    return isAsked && findModel(body, models)?.encryptedReasoning === false ? {} : undefined
  },
})

/** The rules about what the model of a request can do. */
export const modelRules: readonly RequestRule<CreateRequest>[] = [
  ...modelNameRules,
  modelSupportsEffort,
  modelSupportsTemperature,
  modelSupportsTopP,
  modelSupportsLogprobs,
  modelSupportsInMemoryCache,
  modelSupportsEncryptedReasoning,
]

/** A request and the number of tokens that its context takes. */
export interface SizedRequest extends CreateRequest {
  tokens: number
}

export const contextFitsTheModel = defineRule<SizedRequest>({
  id: 'context-fits-the-model',
  statement: 'The context of a request fits the context window of the model',
  source: 'SERVICE-FACTS 6, 9: recorded (ruby_llm)',
  code: 'context_length_exceeded',
  param: 'input',
  message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
  findBreach: (asked) => (isContextTooLong(asked) && !isTooLongInStream(asked) ? {} : undefined),
})

/** Returns whether the context does not fit the model. With `truncation: auto` the service makes it fit. */
export function isContextTooLong({ body, models, tokens }: SizedRequest): boolean {
  const window = findModel(body, models)?.contextWindow
  return window !== undefined && tokens > window && body['truncation'] !== 'auto'
}

/** Returns whether the stream tells that a context is too long, and not a refusal before it (option `tooLongInStream`). */
function isTooLongInStream({ body, options }: SizedRequest): boolean {
  return options.tooLongInStream === 'event' && body['stream'] === true
}
