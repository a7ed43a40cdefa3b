import { append } from '../../../mocks/append.ts'
import { isObject, type JsonObject, listObjects, toCanonicalJson } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readConversationId } from '../../../mocks/request.ts'
import { resolveReferences } from '../../../mocks/request-rules/item-references.ts'
import { readItemText, readRole } from '../../history/items.ts'
import type { AgentSpec, RecordedRequest } from '../types.ts'
import { isInstruction } from './agent.ts'
import { readArguments } from './answer.ts'
import { readEnding, readRequestBody, readRequestInput } from './exchange.ts'
import type { RecordedTurn } from './turns.ts'

/**
 * Returns for each turn the recorded requests that a runtime's requests must equal. Returns undefined for a turn in which a
 * runtime may send other requests. That is so from the point where the recorded client cut its history, went back to an
 * earlier response, left a call unanswered or got a failed answer, and in turns in which it did not offer all tools.
 */
export function listComparableRequests(
  turns: readonly RecordedTurn[],
  { tools }: AgentSpec,
): (RecordedRequest[] | undefined)[] {
  const contexts = buildContexts(turns.flatMap(({ exchanges }) => exchanges))
  const offered = toComparableTools(tools.map(({ name, parameters }) => ({ name, parameters })))
  const said: JsonObject[] = []
  let calls: JsonObject[] = []
  let whole = true
  return turns.map(({ say, exchanges }) => {
    const carried = exchanges.map((exchange, index) => {
      const context = contexts.get(exchange) ?? []
      const results = calls.map((call) => findResult(call, exchange))
      const news =
        index === 0 ? [{ role: 'user', content: say }] : results.filter((result) => result !== undefined)
      append(said, news)
      whole &&= index === 0 ? calls.length === 0 : news.length === calls.length
      whole &&= toComparableText(said) === toComparableText(context)
      const { how, response } = readEnding(exchange)
      const output = response?.output ?? []
      const recorded = whole ? { context, tools: listObjects(readRequestBody(exchange)['tools']) } : undefined
      append(said, output)
      calls = output.filter(({ type }) => type === 'function_call')
      whole &&= how === 'completed'
      return recorded && toComparableTools(recorded.tools) === offered ? recorded : undefined
    })
    return carried.every((recorded) => recorded !== undefined) ? carried : undefined
  })
}

/** Returns the items that the model saw in each exchange, without the instructions, which the agent has. */
function buildContexts(exchanges: readonly Recording[]): Map<Recording, JsonObject[]> {
  const contexts = new Map<Recording, JsonObject[]>()
  const after = new Map<string, JsonObject[]>()
  const items = new Map<string, { item: JsonObject }>()
  for (const exchange of exchanges) {
    const body = readRequestBody(exchange)
    const conversation = readConversationId(body)
    const ground = [body['previous_response_id'], conversation].flatMap((id) =>
      typeof id === 'string' ? (after.get(id) ?? []) : [],
    )
    const input = resolveReferences({ input: readRequestInput(exchange), findItem: (id) => items.get(id) })
    const context = [...ground, ...input.filter((item) => !isInstruction(item)).map(removeEncryptedContent)]
    contexts.set(exchange, context)
    const { response } = readEnding(exchange)
    if (response === null) continue
    const output = response.output.map(removeEncryptedContent)
    for (const id of [response.id, conversation]) if (id !== undefined) after.set(id, [...context, ...output])
    for (const item of output) if (typeof item['id'] === 'string') items.set(item['id'], { item })
  }
  return contexts
}

/** Encrypted reasoning is left out, because only the recorded service can produce it. */
function removeEncryptedContent({ encrypted_content: _, ...item }: JsonObject): JsonObject {
  return item
}

function findResult(call: JsonObject, exchange: Recording): JsonObject | undefined {
  return readRequestInput(exchange).find(
    ({ type, call_id }) => type === 'function_call_output' && call_id === call['call_id'],
  )
}

/** Returns the parts of a context that must be equal. Reasoning and empty messages are left out: clients may drop them. */
function toComparableText(items: readonly JsonObject[]): string {
  return toCanonicalJson(
    items
      .filter((item) => item['type'] !== 'reasoning' && !(readRole(item) && readItemText(item) === ''))
      .map((item) => {
        if (item['type'] === 'function_call') return [item['name'], readArguments(item)]
        return [readRole(item) ?? item['type'], readItemText(item)]
      }),
  )
}

function toComparableTools(tools: readonly JsonObject[]): string {
  return toCanonicalJson(
    tools
      .map(({ name, parameters }) => [
        name,
        isObject(parameters) ? parameters : { type: 'object', properties: {} },
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )
}
