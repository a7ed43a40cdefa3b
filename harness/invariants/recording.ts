import { toDifferingJson } from '../../mocks/differing-texts.ts'
import {
  isJson,
  isObject,
  type Json,
  type JsonObject,
  listObjects,
  toCanonicalJson,
  toShortJson,
} from '../../mocks/json.ts'
import { readItemText, readRole } from '../history/items.ts'
import type { Invariant, Violation } from './types.ts'

export const matchesRecording: Invariant = {
  id: 'matches-recording',
  // The recorded client is another program. A difference does not prove that the runtime is wrong.
  level: 'should',
  statement:
    'Each request has the same context and offers the same tools as the request of the recorded client. Ids, reasoning and system messages are not compared.',
  source:
    'the recording itself, as the real service accepted it; https://developers.openai.com/api/docs/guides/conversation-state (the items of earlier turns are passed on)',
  since: '0.1.0',
  needs: [],
  check(history) {
    const found: Violation[] = []
    history.forEach((event, at) => {
      if (event.kind !== 'request' || event.recorded === undefined) return
      const { context, tools } = event.recorded
      const differs =
        describeFirstDifference('item', listComparableItems(event.context), listComparableItems(context)) ??
        describeFirstDifference('tool', listTools(listObjects(event.body['tools'])), listTools(tools))
      if (differs !== undefined)
        found.push({ at, message: `request ${event.request}: ${differs.what}`, cause: differs.cause })
    })
    return found
  },
  countWitnesses: (history) =>
    history.filter((event) => event.kind === 'request' && event.recorded !== undefined).length,
}

/** Returns the compared items of a context, with numbered call ids. */
function listComparableItems(context: readonly JsonObject[]): Json[] {
  const calls = new Map<Json | undefined, string>()
  const numbered = (id: Json | undefined) => {
    const known = calls.get(id) ?? `call ${calls.size + 1}`
    calls.set(id, known)
    return known
  }
  return context.flatMap((item): Json[] => {
    const { type = 'message', call_id: id, name = null, arguments: args } = item
    const role = readRole(item)
    if (type === 'reasoning' || role === 'system' || role === 'developer') return []
    if (type === 'message')
      return readItemText(item) === '' ? [] : [{ role: role ?? null, text: readItemText(item) }]
    if (type === 'function_call') return [{ call: numbered(id), name, arguments: parseIfJson(args ?? '') }]
    if (type === 'function_call_output')
      return [{ result: numbered(id), output: parseIfJson(readItemText(item)) }]
    return [{ type }]
  })
}

/** Parses a JSON text, because equal values may be written differently. Returns any other text unchanged. */
function parseIfJson(text: Json): Json {
  return typeof text === 'string' && isJson(text) ? (JSON.parse(text) as Json) : text
}

/** Returns the tools of a request by name, with the schemas of their parameters. */
function listTools(tools: readonly JsonObject[]): Json[] {
  return tools
    .map(({ name = null, type = null, parameters }) => ({
      name,
      type,
      parameters: parameters === undefined || parameters === null ? null : removeDialect(parameters),
    }))
    .sort((a, b) => (String(a.name) < String(b.name) ? -1 : 1))
}

/** Returns a schema without its `$schema` key, which does not affect calls. */
function removeDialect(parameters: Json): Json {
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) return parameters
  const { $schema: _, ...rest } = parameters
  return rest
}

function describeFirstDifference(
  what: string,
  found: readonly Json[],
  recorded: readonly Json[],
): { what: string; cause: string } | undefined {
  for (let place = 0; place < Math.max(found.length, recorded.length); place++) {
    const [is, was] = [found[place], recorded[place]]
    if (is === undefined)
      return {
        what: `${what} ${place + 1} of the recording is missing: ${toShortJson(was)}`,
        cause: `${nameKind(what, was)} missing`,
      }
    if (was === undefined)
      return {
        what: `${what} ${place + 1} is not in the recording: ${toShortJson(is)}`,
        cause: `${nameKind(what, is)} too many`,
      }
    if (toCanonicalJson(is) !== toCanonicalJson(was)) {
      const [found, expected] = toDifferingJson(is, was)
      return {
        what: `${what} ${place + 1} is ${found}, expected ${expected} as in the recording`,
        cause: `${nameKind(what, was)} differs`,
      }
    }
  }
  return undefined
}

/** Returns the kind of a compared item as a word of a cause. */
function nameKind(what: string, item: Json | undefined): string {
  if (what === 'tool' || !isObject(item)) return what
  return item['role'] === undefined ? (Object.keys(item)[0] ?? what) : `${item['role']} message`
}
