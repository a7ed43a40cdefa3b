import { type Exchange, readExchange } from '../../../mocks/grammar/exchange/exchange.ts'
import { parseSseEvents } from '../../../mocks/grammar/wire.ts'
import { isJson, isObject, type Json, type JsonObject, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import type { Answer, Fault, Item } from '../../../mocks/service/types.ts'
import { readItemText } from '../../history/items.ts'
import { endingOf } from './exchange.ts'
import { Inexpressible } from './inexpressible.ts'

/** Beyond the end of any stream, which means just before its terminal event. */
const END = 100_000

/** How many events a stream begins with before its first item. */
const BEFORE_ITEMS = 2

/** How often the SDKs ask where they are refused (SERVICE-FACTS 6). */
const ATTEMPTS = 3

/** What the model said in a recorded exchange, and what went wrong with it, as an answer that the service composes. */
export function answerOf(recording: Recording): Answer {
  const exchange = readExchange(recording)
  const { how } = endingOf(recording)
  const items = exchange.output.map(itemOf)
  if (how === 'completed') return { items }
  if (how === 'http') return { items, faults: Array<Fault>(ATTEMPTS).fill(refusalOf(exchange)) }
  return {
    items,
    faults: [{ ...faultOf(how, exchange, recording), at: items.length > 0 ? END : BEFORE_ITEMS }],
  }
}

function refusalOf({ status, json }: Exchange): Fault {
  if (status < 400) throw new Inexpressible(`a recorded answer has status ${status}`)
  const code = isObject(json) && isObject(json['error']) ? json['error']['code'] : undefined
  return { kind: 'http', status, ...(typeof code === 'string' ? { code } : {}) }
}

type Placed = Extract<Fault, { at: number }>

function faultOf(how: 'failed' | 'incomplete' | 'cut', exchange: Exchange, { response }: Recording): Placed {
  const at = END
  const error = 'sse' in response.body ? errorEventIn(response.body.sse) : undefined
  if (error !== undefined) {
    const nested = isObject(error['error']) ? error['error'] : undefined
    return { kind: 'error-event', at, form: nested ? 'nested' : 'flat', code: codeOf(nested ?? error) }
  }
  const said = exchange.response ?? {}
  if (how === 'failed') return { kind: 'failed', at, code: codeOf(said['error']) }
  if (how === 'incomplete') return { kind: 'incomplete', at, reason: reasonOf(said['incomplete_details']) }
  return { kind: 'eof', at }
}

function errorEventIn(sse: string): JsonObject | undefined {
  const data = parseSseEvents(sse).map(({ data }) => data)
  return data.find((data): data is JsonObject => isObject(data) && data['type'] === 'error')
}

function codeOf(error: Json | undefined): string {
  const code = isObject(error) ? error['code'] : undefined
  return typeof code === 'string' ? code : 'server_error'
}

function reasonOf(details: Json | undefined): string {
  const reason = isObject(details) ? details['reason'] : undefined
  return typeof reason === 'string' ? reason : 'max_output_tokens'
}

const makers: Record<string, (item: JsonObject) => Item> = {
  message(item) {
    const parts = listObjects(item['content'])
    const refused = parts.length > 0 && parts.every(({ type }) => type === 'refusal')
    return { type: refused ? 'refusal' : 'text', text: readItemText(item) }
  },
  reasoning: ({ summary, encrypted_content }) => ({
    type: 'reasoning',
    summary: listObjects(summary).map(({ text }) => String(text ?? '')),
    encrypted: typeof encrypted_content === 'string',
  }),
  function_call: (item) => ({ type: 'call', tool: String(item['name']), args: argumentsOf(item) }),
}

function itemOf(item: JsonObject): Item {
  const type = String(item['type'])
  const make = Object.hasOwn(makers, type) ? makers[type] : undefined
  if (make === undefined) throw new Inexpressible(`the recorded answer has an item of type ${type}`)
  return make(item)
}

/** The arguments of a call as JSON; those that were cut before their end stay a text. */
export function argumentsOf(call: JsonObject): Json {
  const text = String(call['arguments'] ?? '')
  return isJson(text) ? (JSON.parse(text) as Json) : text
}
