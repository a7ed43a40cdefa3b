import { endpointOf } from '../../mocks/endpoint.ts'
import { checkStream } from '../../mocks/grammar/stream.ts'
import { eventsOfSse } from '../../mocks/grammar/wire.ts'
import { isObject, type Json, type JsonObject, objectsIn } from '../../mocks/json.ts'
import type { Recording, RecordingFile } from '../../mocks/recordings/types.ts'
import { itemText, roleOf } from '../history/context.ts'
import type { ToolAct, ToolSpec } from '../plan/types.ts'
import { conversationsIn } from './conversations.ts'
import { endingOf, isCreate, requestBody, requestInput } from './exchange.ts'
import type { Derived, Replay, ReplayTurn } from './types.ts'

/** A conversation that no runtime's public interface can be led through; the message is the reason. */
class Inexpressible extends Error {}

/** The conversations of a file of recordings: instructions, tools and their results, user messages, answers. */
export function derive(file: RecordingFile): Derived {
  const creates = file.recordings.filter(isCreate)
  const rest = file.recordings.filter((recording) => !isCreate(recording))
  const leftOut = rest.map(({ request }) => `${request.method} ${endpointOf(request.url).path}`)
  if (creates.length === 0) return { replays: [], inexpressible: ['it holds no POST /responses'], leftOut }
  if (creates.some(({ request }) => !request.recorded))
    return { replays: [], inexpressible: ['its requests were not recorded'], leftOut }
  const replays: Replay[] = []
  const inexpressible = new Set<string>()
  for (const conversation of conversationsIn(creates)) {
    try {
      replays.push(replayOf(file.id, conversation))
    } catch (error) {
      if (!(error instanceof Inexpressible)) throw error
      inexpressible.add(error.message)
    }
  }
  return { replays, inexpressible: [...inexpressible], leftOut }
}

function replayOf(recording: string, conversation: readonly Recording[]): Replay {
  for (const exchange of conversation) mustBePlain(exchange)
  const turns = turnsOf(conversation)
  const first = conversation[0] as Recording
  const store = conversation.every(
    (exchange) => requestBody(exchange)['store'] !== false && endingOf(exchange).response?.stored !== false,
  )
  return {
    recording,
    agent: { name: 'agent', instructions: instructionsOf(first), tools: toolsOf(conversation), handoffs: [] },
    store,
    sessions: store ? ['history', 'previous-response'] : ['history'],
    needs: conversation.some(endsEmpty) ? ['items-from-events'] : [],
    turns,
  }
}

/** Whether the stream's last event leaves out the items that it brought, as the ChatGPT-backed service does. */
function endsEmpty({ response: { body } }: Recording): boolean {
  if (!('sse' in body)) return false
  return checkStream(eventsOfSse(body.sse)).quirks.some(({ quirk }) => quirk === 'empty-terminal-output')
}

const plainItems = new Set(['message', 'reasoning', 'function_call'])
const plainInputs = new Set([...plainItems, 'function_call_output', 'item_reference'])

function mustBePlain(exchange: Recording): void {
  const body = requestBody(exchange)
  if (body['background'] === true) throw new Inexpressible('it runs in the background')
  if (isObject(body['prompt'])) throw new Inexpressible('its text lies in a stored prompt')
  for (const tool of objectsIn(body['tools']))
    if (tool['type'] !== 'function')
      throw new Inexpressible(`it offers a tool of type ${String(tool['type'])}`)
  for (const item of requestInput(exchange)) {
    const type = String(item['type'] ?? 'message')
    if (!plainInputs.has(type)) throw new Inexpressible(`its input holds an item of type ${type}`)
    for (const part of objectsIn(item['content']))
      if (part['type'] !== undefined && !/text$|refusal$/.test(String(part['type'])))
        throw new Inexpressible(`its input holds a part of type ${String(part['type'])}`)
  }
  for (const item of endingOf(exchange).response?.output ?? [])
    if (!plainItems.has(String(item['type'])))
      throw new Inexpressible(`its answer holds an item of type ${String(item['type'])}`)
}

/** Cuts a conversation into turns: a request that ends in a user message begins one, a request that ends in tool results goes on. */
function turnsOf(conversation: readonly Recording[]): ReplayTurn[] {
  const turns: ReplayTurn[] = []
  conversation.forEach((exchange, index) => {
    const fresh = freshItems(exchange, index === 0)
    const users = fresh.filter((item) => roleOf(item) === 'user')
    const results = fresh.filter((item) => item['type'] === 'function_call_output')
    if (users.length > 1) throw new Inexpressible('a turn of it has several user messages')
    if (users.length > 0 && results.length > 0)
      throw new Inexpressible("a user message travels with a tool's result in one request")
    const [user] = users
    const turn = turns.at(-1)
    if (user) {
      const stream = requestBody(exchange)['stream'] === true
      turns.push({ say: itemText(user), stream, exchanges: [exchange] })
    } else if (results.length > 0 && turn) {
      if ((requestBody(exchange)['stream'] === true) !== turn.stream)
        throw new Inexpressible('a turn of it is streamed in part')
      turn.exchanges.push(exchange)
    } else throw new Inexpressible('a request of it has neither a user message nor a result')
  })
  return turns
}

/** The items of a request that its conversation had not seen: those behind the last item that the model gave. */
function freshItems(exchange: Recording, first: boolean): JsonObject[] {
  const input = requestInput(exchange)
  const given = input.findLastIndex(
    (item) =>
      roleOf(item) === 'assistant' ||
      ['reasoning', 'function_call', 'item_reference'].includes(String(item['type'])),
  )
  if (first && given >= 0) throw new Inexpressible('its first request already carries answers of the model')
  return input.slice(given + 1)
}

function instructionsOf(exchange: Recording): string {
  const written = requestBody(exchange)['instructions']
  const leading = requestInput(exchange)
    .filter((item) => /system|developer/.test(roleOf(item) ?? ''))
    .map(itemText)
  return [...(typeof written === 'string' ? [written] : []), ...leading].join('\n\n')
}

/** Every tool that the conversation offered, with the results of its calls in the order of the calls. */
function toolsOf(conversation: readonly Recording[]): ToolSpec[] {
  const tools = new Map<string, ToolSpec>()
  for (const tool of conversation.flatMap((exchange) => objectsIn(requestBody(exchange)['tools']))) {
    const name = String(tool['name'])
    if (tools.has(name)) continue
    const parameters = isObject(tool['parameters']) ? tool['parameters'] : { type: 'object', properties: {} }
    const description = tool['description']
    const told = typeof description === 'string' ? { description } : {}
    tools.set(name, { name, ...told, parameters, does: [] })
  }
  const results = new Map<Json | undefined, Json>()
  for (const item of conversation.flatMap(requestInput))
    if (item['type'] === 'function_call_output') results.set(item['call_id'], item['output'] ?? '')
  for (const item of conversation.flatMap((exchange) => endingOf(exchange).response?.output ?? [])) {
    if (item['type'] !== 'function_call') continue
    // A call without a result was the last: the recorded client had what it wanted, or had reached its limit.
    const act: ToolAct = { kind: 'return', value: results.get(item['call_id']) ?? 'no result was recorded' }
    const tool = tools.get(String(item['name']))
    if (!tool) throw new Inexpressible(`it calls ${String(item['name'])}, which no request of it offers`)
    tool.does.push(act)
  }
  return [...tools.values()]
}
