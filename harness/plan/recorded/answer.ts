import { type Exchange, readExchange } from '../../../mocks/grammar/exchange/exchange.ts'
import { parseSseEvents } from '../../../mocks/grammar/wire.ts'
import { isJson, isObject, type Json, type JsonObject, listObjects } from '../../../mocks/json.ts'
import type { Recording } from '../../../mocks/recordings/types.ts'
import type { Answer, Fault, Item } from '../../../mocks/service/types.ts'
import { readItemText } from '../../history/items.ts'
import { readEnding } from './exchange.ts'
import { InexpressibleError } from './inexpressible.ts'

/** A place beyond the end of any stream, which means just before the terminal event. */
const STREAM_END = 100_000

/** The number of events before the first item of a stream. */
const BEFORE_ITEMS = 2

/** The number of attempts of the SDKs (SERVICE-FACTS 6). */
const ATTEMPTS = 3

/** Returns the answer of a recorded exchange, with the recorded failure as faults. */
export function buildAnswer(recording: Recording): Answer {
  const exchange = readExchange(recording)
  const { how } = readEnding(recording)
  const items = exchange.output.map(buildItem)
  if (how === 'completed') return { items }
  if (how === 'http') return { items, faults: Array<Fault>(ATTEMPTS).fill(buildRefusal(exchange)) }
  return {
    items,
    faults: [{ ...buildFault(how, exchange, recording), at: items.length > 0 ? STREAM_END : BEFORE_ITEMS }],
  }
}

function buildRefusal({ status, json }: Exchange): Fault {
  if (status < 400) throw new InexpressibleError(`a recorded answer has status ${status}`)
  const code = isObject(json) && isObject(json['error']) ? json['error']['code'] : undefined
  return { kind: 'http', status, ...(typeof code === 'string' ? { code } : {}) }
}

type Placed = Extract<Fault, { at: number }>

function buildFault(
  how: 'failed' | 'incomplete' | 'cut',
  exchange: Exchange,
  { response }: Recording,
): Placed {
  const at = STREAM_END
  const error = 'sse' in response.body ? findErrorEvent(response.body.sse) : undefined
  if (error !== undefined) {
    const nested = isObject(error['error']) ? error['error'] : undefined
    return { kind: 'error-event', at, form: nested ? 'nested' : 'flat', code: readCode(nested ?? error) }
  }
  const said = exchange.response ?? {}
  if (how === 'failed') return { kind: 'failed', at, code: readCode(said['error']) }
  if (how === 'incomplete')
    return { kind: 'incomplete', at, reason: readIncompleteReason(said['incomplete_details']) }
  return { kind: 'eof', at }
}

function findErrorEvent(sse: string): JsonObject | undefined {
  const data = parseSseEvents(sse).map(({ data }) => data)
  return data.find((data): data is JsonObject => isObject(data) && data['type'] === 'error')
}

function readCode(error: Json | undefined): string {
  const code = isObject(error) ? error['code'] : undefined
  return typeof code === 'string' ? code : 'server_error'
}

function readIncompleteReason(details: Json | undefined): string {
  const reason = isObject(details) ? details['reason'] : undefined
  return typeof reason === 'string' ? reason : 'max_output_tokens'
}

const itemBuilders: Record<string, (item: JsonObject) => Item> = {
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
  function_call: (item) => ({ type: 'call', tool: String(item['name']), args: readArguments(item) }),
}

function buildItem(item: JsonObject): Item {
  const type = String(item['type'])
  const build = Object.hasOwn(itemBuilders, type) ? itemBuilders[type] : undefined
  if (build === undefined) throw new InexpressibleError(`the recorded answer has an item of type ${type}`)
  return build(item)
}

/** Returns the arguments of a call as JSON, or as a text if they were cut and are no JSON. */
export function readArguments(call: JsonObject): Json {
  const text = String(call['arguments'] ?? '')
  return isJson(text) ? (JSON.parse(text) as Json) : text
}
