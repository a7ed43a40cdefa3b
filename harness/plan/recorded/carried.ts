import { append } from '../../../mocks/append.ts'
import { isObject, type JsonObject, listObjects, toCanonicalJson } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import { readConversationId } from '../../../mocks/request.ts'
import { resolveReferences } from '../../../mocks/request-rules/item-references.ts'
import { readItemText, readRole } from '../../history/items.ts'
import type { AgentSpec, RecordedRequest } from '../types.ts'
import { instructs } from './agent.ts'
import { argumentsOf } from './answer.ts'
import { endingOf, requestBody, requestInput } from './exchange.ts'
import type { RecordedTurn } from './turns.ts'

/**
 * What the recorded requests of each turn held, for those turns in which the client carried its whole conversation and
 * offered all its tools, as a runtime does. Undefined for the others: from where the client cut its history, went back to
 * an earlier response, left a call unanswered or had seen an answer fail, a runtime may rightly do otherwise.
 */
export function carriedIn(
  turns: readonly RecordedTurn[],
  { tools }: AgentSpec,
): (RecordedRequest[] | undefined)[] {
  const contexts = contextsOf(turns.flatMap(({ exchanges }) => exchanges))
  const offered = shownTools(tools.map(({ name, parameters }) => ({ name, parameters })))
  const said: JsonObject[] = []
  let calls: JsonObject[] = []
  let whole = true
  return turns.map(({ say, exchanges }) => {
    const carried = exchanges.map((exchange, index) => {
      const context = contexts.get(exchange) ?? []
      const results = calls.map((call) => resultOf(call, exchange))
      const news =
        index === 0 ? [{ role: 'user', content: say }] : results.filter((result) => result !== undefined)
      append(said, news)
      whole &&= index === 0 ? calls.length === 0 : news.length === calls.length
      whole &&= shown(said) === shown(context)
      const { how, response } = endingOf(exchange)
      const output = response?.output ?? []
      const recorded = whole ? { context, tools: listObjects(requestBody(exchange)['tools']) } : undefined
      append(said, output)
      calls = output.filter(({ type }) => type === 'function_call')
      whole &&= how === 'completed'
      return recorded && shownTools(recorded.tools) === offered ? recorded : undefined
    })
    return carried.every((recorded) => recorded !== undefined) ? carried : undefined
  })
}

/** The effective context of each exchange, without what became the agent's instructions. */
function contextsOf(exchanges: readonly Recording[]): Map<Recording, JsonObject[]> {
  const contexts = new Map<Recording, JsonObject[]>()
  const after = new Map<string, JsonObject[]>()
  const items = new Map<string, { item: JsonObject }>()
  for (const exchange of exchanges) {
    const body = requestBody(exchange)
    const conversation = readConversationId(body)
    const ground = [body['previous_response_id'], conversation].flatMap((id) =>
      typeof id === 'string' ? (after.get(id) ?? []) : [],
    )
    const input = resolveReferences({ input: requestInput(exchange), findItem: (id) => items.get(id) })
    const context = [...ground, ...input.filter((item) => !instructs(item)).map(unsealed)]
    contexts.set(exchange, context)
    const { response } = endingOf(exchange)
    if (response === null) continue
    const output = response.output.map(unsealed)
    for (const id of [response.id, conversation]) if (id !== undefined) after.set(id, [...context, ...output])
    for (const item of output) if (typeof item['id'] === 'string') items.set(item['id'], { item })
  }
  return contexts
}

/** Encrypted reasoning is the recorded service's own: nobody else can send it. */
function unsealed({ encrypted_content: _, ...item }: JsonObject): JsonObject {
  return item
}

function resultOf(call: JsonObject, exchange: Recording): JsonObject | undefined {
  return requestInput(exchange).find(
    ({ type, call_id }) => type === 'function_call_output' && call_id === call['call_id'],
  )
}

/** What two contexts must have in common. Reasoning and messages without a text are left out: a client may carry them or not. */
function shown(items: readonly JsonObject[]): string {
  return toCanonicalJson(
    items
      .filter((item) => item['type'] !== 'reasoning' && !(readRole(item) && readItemText(item) === ''))
      .map((item) => {
        if (item['type'] === 'function_call') return [item['name'], argumentsOf(item)]
        return [readRole(item) ?? item['type'], readItemText(item)]
      }),
  )
}

function shownTools(tools: readonly JsonObject[]): string {
  return toCanonicalJson(
    tools
      .map(({ name, parameters }) => [
        name,
        isObject(parameters) ? parameters : { type: 'object', properties: {} },
      ])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  )
}
