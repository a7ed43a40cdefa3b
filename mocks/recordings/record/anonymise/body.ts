import { isObject, type Json, type JsonObject } from '../../../json.ts'
import { listTokens, sliceLike } from './deltas.ts'
import type { Texts } from './text.ts'
import { KEYS, LITERALS, MODEL_PARTS, SCHEMA_KEYWORDS, SCHEMA_VALUES } from './vocabulary.ts'

/** Keys with free text. Their strings are replaced even if they equal a word of the protocol. */
const FREE: ReadonlySet<string> = new Set(
  'arguments code content delta description diff input instructions label logs message name output output_text path prompt queries query reason_text refusal result stderr stdout text title token transcript url user value'.split(
    ' ',
  ),
)

/** Keys that hold values of the client, together with the client's own keys. */
const OWN: ReadonlySet<string> = new Set([
  'attributes',
  'client_metadata',
  'env',
  'headers',
  'metadata',
  'variables',
])

const SCHEMAS: ReadonlySet<string> = new Set([
  'parameters',
  'schema',
  'input_schema',
  'output_schema',
  'json_schema',
])

/** Returns whether anybody can call a model. The name of a fine-tuned model holds the name of its owner. */
function isPublicModel(name: string): boolean {
  return name.split('-').every((part) => MODEL_PARTS.has(part) || /^\d{2,4}$/.test(part))
}

const PARAM = /[A-Za-z_]+/g

/** Replaces private words in values of the protocol: requests, responses, items, stream events. */
export interface Bodies {
  protocol(value: Json): Json
}

export function createBodies(texts: Texts): Bodies {
  const protocol = (value: Json, key = ''): Json => {
    if (typeof value === 'string') return protocolString(value, key)
    if (Array.isArray(value)) return value.map((held) => protocol(held, key))
    return isObject(value) ? protocolObject(value) : value
  }

  const protocolString = (value: string, key: string): string => {
    if (key === 'arguments') return texts.replaceJsonText(value)
    if (key === 'model' && isPublicModel(value)) return value
    if (key === 'param')
      return value.replace(PARAM, (part) => (KEYS.has(part) ? part : texts.replaceText(part)))
    if (!FREE.has(key) && LITERALS.has(value)) return value
    return texts.replaceText(value)
  }

  const protocolObject = (object: JsonObject): JsonObject =>
    mapList(object, (key, held) => protocolEntry(key, held, object))

  const protocolEntry = (key: string, held: Json, object: JsonObject): [string, Json] => {
    if (!KEYS.has(key)) return [texts.replaceText(key), free(held)]
    if (OWN.has(key) || (key === 'arguments' && typeof held === 'object')) return [key, free(held)]
    if (SCHEMAS.has(key) && isObject(held)) return [key, schema(held)]
    if (key === 'logprobs' && Array.isArray(held)) return [key, logprobs(held, object)]
    return [key, protocol(held, key)]
  }

  const free = (value: Json): Json => {
    if (typeof value === 'string') return texts.replaceText(value)
    if (typeof value === 'number') return texts.replaceNumber(value)
    if (Array.isArray(value)) return value.map(free)
    return isObject(value) ? mapList(value, (key, held) => [texts.replaceText(key), free(held)]) : value
  }

  const schema = (object: JsonObject): JsonObject =>
    mapList(object, (key, held) => [
      SCHEMA_KEYWORDS.has(key) ? key : texts.replaceText(key),
      schemaPart(key, held),
    ])

  const schemaPart = (key: string, held: Json): Json => {
    if (NAMED_SCHEMAS.has(key) && isObject(held))
      return mapList(held, (name, inner) => [texts.replaceText(name), subschema(inner)])
    if (key === 'type' || key === 'format') return schemaWord(held)
    if (key === '$schema' && typeof held === 'string' && DIALECT.test(held)) return held
    if (key === 'pattern') return '[\\s\\S]*'
    if (key === '$ref' && typeof held === 'string')
      return held
        .split('/')
        .map((part) => (SCHEMA_KEYWORDS.has(part) ? part : texts.replaceText(part)))
        .join('/')
    if (VALUES.has(key) || key === 'required') return free(held)
    if (typeof held === 'number') return held
    return subschema(held)
  }

  /** Returns a type or format of JSON Schema, or a list of them. */
  const schemaWord = (held: Json): Json => {
    if (Array.isArray(held)) return held.map(schemaWord)
    return typeof held === 'string' && SCHEMA_VALUES.has(held) ? held : free(held)
  }

  const subschema = (held: Json): Json => {
    if (Array.isArray(held)) return held.map(subschema)
    return isObject(held) ? schema(held) : typeof held === 'string' ? texts.replaceText(held) : held
  }

  /**
   * Replaces log probabilities. The new tokens are cut from the new text, and their bytes are those of the new tokens.
   */
  const logprobs = (list: Json[], beside: JsonObject): Json => {
    const whole = beside['delta'] ?? beside['text']
    const tokens = listTokens(list)
    const cut =
      typeof whole === 'string' && tokens.join('') === whole
        ? sliceLike(texts.replaceText(whole), tokens)
        : tokens.map(texts.replaceText)
    return list.map((one, at) => (isObject(one) ? logprob(one, cut[at] ?? '') : protocol(one)))
  }

  const logprob = (one: JsonObject, token: string): JsonObject =>
    mapList(one, (key, held) => {
      if (key === 'token') return [key, token]
      if (key === 'bytes' && Array.isArray(held)) return [key, [...new TextEncoder().encode(token)]]
      if (key !== 'top_logprobs' || !Array.isArray(held)) return protocolEntry(key, held, one)
      const others = held.map((other) =>
        isObject(other)
          ? logprob(
              other,
              other['token'] === one['token'] ? token : texts.replaceText(String(other['token'] ?? '')),
            )
          : protocol(other),
      )
      return [key, others]
    })

  return { protocol: (value) => protocol(value) }
}

/** The public names of JSON Schema dialects. */
const DIALECT = /^https?:\/\/json-schema\.org\/[\w./-]*schema#?$/

/** Schema keywords with names as keys. */
const NAMED_SCHEMAS: ReadonlySet<string> = new Set([
  'properties',
  '$defs',
  'definitions',
  'patternProperties',
  'dependentSchemas',
])

/** Schema keywords that hold values of the described data. */
const VALUES: ReadonlySet<string> = new Set([
  'enum',
  'const',
  'default',
  'example',
  'examples',
  'dependentRequired',
])

function mapList(object: JsonObject, map: (key: string, held: Json) => [string, Json]): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([key, held]) => map(key, held)))
}
