import { LITERALS, SCHEMA_KEYWORDS } from '../anonymise/vocabulary.ts'
import type { Edit } from './edits.ts'
import type { JsonNode, ListNode, ObjectNode, StringNode } from './json-tree.ts'
import { isCredential, isSecretNumber, judgeName, splitName } from './names.ts'
import { cleanServerUrl, type Replace } from './urls.ts'
import { isApiId } from './values.ts'

/** What the walk through JSON needs from outside. */
export interface JsonTools {
  /** Returns the stand-in of a credential, and remembers the credential. */
  replace: Replace
  /** Returns the stand-in of a value that is replaced here but says nothing elsewhere. */
  replaceHere: Replace
  /** Returns a text without credentials. */
  scrubText(text: string): string
  /** Returns a text without the credentials that are known already. */
  scrubKnown(text: string): string
  /**
   * Takes a piece of a text that arrives in deltas. `path` names the text. The taker replaces the piece itself.
   * `logprobs` is the list of log probabilities beside the piece.
   */
  takeDelta?(node: StringNode, path: string, logprobs: JsonNode | undefined): void
}

/** Where a value stands. */
interface Place {
  /** The name that the value belongs to: its key, or the key of the list that it is in. */
  name: string
  /** `all`: everything below is a credential. `variables`: the variables of a prompt. */
  inside: 'plain' | 'all' | 'variables'
  /** The path below the key `delta`, if the value is below one. */
  delta?: string
  logprobs?: JsonNode | undefined
}

/** Texts that are never credentials. They hold random characters or ids that the conversation needs. */
const OPAQUE = new Set(['encrypted_content', 'obfuscation', 'partial_image_b64'])
const SCHEMAS = new Set(['parameters', 'schema', 'input_schema', 'output_schema', 'json_schema'])
const NAMED_SCHEMAS = new Set(['properties', '$defs', 'definitions', 'patternProperties', 'dependentSchemas'])
const SCHEMA_VALUES = new Set(['default', 'const', 'enum', 'example', 'examples'])
const PAIR_NAMES = new Set(['name', 'key', 'header', 'field', 'variable', 'env', 'param'])
const PAIR_VALUES = /^(val|value|values|content|data|secret)$/i

/** Returns the replacements for all credentials in JSON. */
export function findJsonEdits(roots: readonly JsonNode[], tools: JsonTools): Edit[] {
  const edits: Edit[] = []

  const write = (node: StringNode, text: string) => {
    if (text === node.text) return
    const literal = JSON.stringify(text)
    edits.push({ from: node.from, to: node.to, text: node.closed ? literal : literal.slice(0, -1) })
  }

  const walk = (node: JsonNode, place: Place): void => {
    if (node.kind === 'string') walkString(node, place)
    else if (node.kind === 'word') walkWord(node.text, node, place)
    else if (node.kind === 'list') walkList(node, place)
    else walkObject(node, place)
  }

  const walkString = (node: StringNode, place: Place): void => {
    const { name, inside, delta, logprobs } = place
    if (node.text === '') return
    const isPiece =
      delta !== undefined && inside === 'plain' && !OPAQUE.has(name) && !isCredential(name, node.text)
    if (isPiece && tools.takeDelta) tools.takeDelta(node, delta, logprobs)
    else write(node, cleanString(node.text, place))
  }

  const cleanString = (text: string, { name, inside }: Place): string => {
    if (inside === 'variables' && (isApiId(text) || (/^(type|detail)$/.test(name) && LITERALS.has(text))))
      return tools.scrubKnown(text)
    // Public headers have values that stand in other places, too, and say nothing there.
    if (inside !== 'plain') return (isPublicHeader(name) ? tools.replaceHere : tools.replace)(text)
    if (OPAQUE.has(name)) return tools.scrubKnown(text)
    if (name === 'server_url') return cleanServerUrl(tools.scrubKnown(text), tools.replace)
    return isCredential(name, text) ? tools.replace(text) : tools.scrubText(text)
  }

  const walkWord = (text: string, node: { from: number; to: number }, { name, inside }: Place): void => {
    const digits = /^-?\d/.test(text) ? text.replace(/\D/g, '').length : 0
    if (tools.scrubKnown(text) !== text)
      edits.push({ from: node.from, to: node.to, text: JSON.stringify(tools.scrubKnown(text)) })
    if (digits === 0) return
    const secret =
      inside === 'plain' ? judgeName(name) === 'credential' && isSecretNumber(name, digits) : digits >= 3
    if (secret) edits.push({ from: node.from, to: node.to, text: JSON.stringify(tools.replaceHere(text)) })
  }

  const walkList = ({ items }: ListNode, place: Place): void => {
    const pairs = items.every((item) => item.kind === 'list' && item.items.length === 2)
    for (const [index, item] of items.entries()) {
      const [first, second] = item.kind === 'list' ? item.items : []
      if (pairs && first?.kind === 'string' && second && judgeName(first.text) === 'credential') {
        walk(first, { ...place, name: '' })
        walk(second, { ...place, inside: 'all' })
      } else walk(item, descend(place, readIndex(item) ?? String(index)))
    }
  }

  const walkObject = (object: ObjectNode, place: Place): void => {
    const { entries } = object
    // A chunk of a chat completion has its log probabilities beside `delta`, not inside.
    const beside = entries.find(({ key }) => key.text === 'logprobs')?.value
    const logprobs = beside ?? (place.delta === undefined ? undefined : place.logprobs)
    const before = edits.length
    const pair = entries.some(
      ({ key, value }) =>
        PAIR_NAMES.has(key.text) && value.kind === 'string' && judgeName(value.text) === 'credential',
    )
    for (const { key, value } of entries) {
      write(key, tools.scrubKnown(key.text))
      const name = key.text
      if (place.inside === 'plain' && isTokenOfLogprob(name, place.name, object)) {
        // A token is a fragment: its names and values may be cut off. The text beside it is searched as a whole.
        if (value.kind === 'string') write(value, tools.scrubKnown(value.text))
      } else if (place.inside === 'plain' && SCHEMAS.has(name) && isSchema(value))
        walkSchema(value, false, name)
      else walk(value, { ...descend(place, name), name, inside: decide(name, value, pair, place), logprobs })
    }
    if (edits.length > before && hasLogprobs(beside)) edits.push(dropLogprobs(beside))
  }

  const decide = (name: string, value: JsonNode, pair: boolean, place: Place): Place['inside'] => {
    if (place.inside !== 'plain') return place.inside
    if (pair && PAIR_VALUES.test(name)) return 'all'
    if (value.kind === 'string' || value.kind === 'word') return 'plain'
    if (name === 'variables' && place.name === 'prompt') return 'variables'
    if (isHeaderList(name, value)) return 'all'
    return judgeName(name) === 'credential' ? 'all' : 'plain'
  }

  /** Walks a JSON Schema. Names of properties are no credentials, but what a schema says about their values may be. */
  const walkSchema = (schema: JsonNode, secret: boolean, name: string): void => {
    if (schema.kind === 'list') for (const item of schema.items) walkSchema(item, secret, name)
    if (schema.kind === 'string') write(schema, tools.scrubText(schema.text))
    if (schema.kind !== 'object') return
    for (const { key, value } of schema.entries) {
      write(key, tools.scrubKnown(key.text))
      const keyword = key.text
      if (NAMED_SCHEMAS.has(keyword) && value.kind === 'object')
        for (const { key: named, value: inner } of value.entries) {
          const verdict = judgeName(named.text)
          write(named, tools.scrubKnown(named.text))
          if (inner.kind === 'object') walkSchema(inner, verdict === 'credential', named.text)
          else walk(inner, { name: named.text, inside: 'plain' })
        }
      else if (!SCHEMA_KEYWORDS.has(keyword))
        walk(value, {
          name: keyword,
          inside:
            secret || decide(keyword, value, false, { name, inside: 'plain' }) === 'all' ? 'all' : 'plain',
        })
      else if (SCHEMA_VALUES.has(keyword)) walk(value, { name, inside: secret ? 'all' : 'plain' })
      else walkSchema(value, secret, name)
    }
  }

  for (const root of roots) walk(root, { name: '', inside: 'plain' })
  return edits
}

/** Returns the place of a child. Below `delta` it has a path, so that the pieces of one text are found. */
function descend(place: Place, step: string): Place {
  if (place.delta !== undefined) return { ...place, delta: `${place.delta}/${step}` }
  // Chunks of chat completions have `choices[].delta`; the index tells the choices apart.
  if (step === 'delta') return { ...place, delta: place.name }
  return { ...place, ...(place.name === 'choices' && { name: `choices ${step}` }) }
}

/** Returns the `index` field of a list item. Chunks number their items by it. */
function readIndex(item: JsonNode): string | undefined {
  const found =
    item.kind === 'object' ? item.entries.find(({ key }) => key.text === 'index')?.value : undefined
  return found?.kind === 'word' ? found.text : undefined
}

/** Returns whether a value lists headers: by name, or as names and values. A list of texts is something else. */
function isHeaderList(name: string, value: JsonNode): boolean {
  if (splitName(name).at(-1) !== 'headers') return false
  if (value.kind === 'object') return true
  return value.kind === 'list' && (name !== 'headers' || value.items.some((item) => item.kind !== 'string'))
}

/** A log probability has a `token`, which is a piece of text. */
function isTokenOfLogprob(name: string, parent: string, { entries }: ObjectNode): boolean {
  return (
    name === 'token' &&
    /^(logprobs|top_logprobs|content|refusal)$/.test(parent) &&
    entries.some(({ key, value }) => key.text === 'logprob' && value.kind === 'word')
  )
}

function isSchema(value: JsonNode): boolean {
  return (
    value.kind === 'object' &&
    value.entries.some(({ key }) => /^(type|properties|\$ref|anyOf|allOf)$/.test(key.text))
  )
}

/** Headers with public values. Their values must not be replaced outside of the list of headers. */
function isPublicHeader(name: string): boolean {
  return /^(accept|accept-.*|content-type|content-encoding|user-agent|cache-control|connection|host|date|mcp-protocol-version)$/i.test(
    name,
  )
}

export function hasLogprobs(node: JsonNode | undefined): node is ListNode | ObjectNode {
  return (node?.kind === 'list' && node.items.length > 0) || node?.kind === 'object'
}

/** Returns the edit that removes log probabilities. Their tokens and bytes spell the text beside them. */
export function dropLogprobs(node: JsonNode): Edit {
  return { from: node.from, to: node.to, text: node.kind === 'list' ? '[]' : 'null' }
}
