import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import { isObject, type JsonObject } from '../../json.ts'
import { cutStreamAt } from '../faults/incomplete.ts'
import type { Random } from '../random.ts'
import { countItemTokens } from '../tokens.ts'
import type { CreateBody } from '../types.ts'
import { addItemEvents } from './events.ts'
import type { ItemMaker } from './item-maker.ts'
import { buildOutputItems, type SpokenItem } from './items.ts'
import {
  buildBegunResponse,
  buildEndedResponse,
  type ResponseHead,
  readTerminalResponse,
  type WireResponse,
} from './response.ts'
import { countUsage, type InputTokens } from './usage.ts'

/** Everything that a composed answer depends on. The same setting and seed give the same stream. */
export interface Setting {
  body: CreateBody
  head: ResponseHead
  make: ItemMaker
  random: Random
  /** Returns the random source for the sizes of a text's deltas. Default: `random`. */
  cutBy?: (text: string) => Random
  /** Returns the padding of a delta. Not used if `stream_options.include_obfuscation` is false. */
  pad: (delta: string) => string
  /** Pad even if the request turned padding off (`Wire.obfuscation`). */
  alwaysPad: boolean
  /** Compose the events of items, too. Not needed if only the response is sent. */
  withEvents: boolean
  input: InputTokens
  /** Unix seconds. */
  completed: number
}

export interface Composed {
  /** The stream. Its last event is `response.completed`. */
  events: ResponseStreamEvent[]
  /** The response in the created and in_progress events (GRAMMAR R11). */
  begun: WireResponse
  /** The response in the terminal event and in the JSON answer. */
  response: WireResponse
}

/**
 * Returns the stream and the response for these items, in the form of the live service. A background response starts
 * with created and queued (SERVICE-FACTS 7).
 */
export function compose(items: readonly SpokenItem[], setting: Setting): Composed {
  const { body, head } = setting
  const begun = buildBegunResponse(body, head)
  const events: ResponseStreamEvent[] = [{ type: 'response.created', response: begun, sequence_number: 0 }]
  if (head.background) events.push({ type: 'response.queued', response: begun, sequence_number: 1 })
  const running = head.background ? { ...begun, status: 'in_progress' as const } : begun
  events.push({ type: 'response.in_progress', response: running, sequence_number: events.length })

  const output = buildOutputItems(items, body, setting.make)
  const sink = {
    events,
    random: setting.random,
    cutBy: setting.cutBy ?? (() => setting.random),
    pad: padsDeltas(body) || setting.alwaysPad ? setting.pad : undefined,
    logprobs: isIncluded(body, 'message.output_text.logprobs'),
  }
  const usage = countUsage(output, setting.input)
  const limit = body['max_output_tokens']
  const over = typeof limit === 'number' && usage.output_tokens > limit
  // Log probabilities belong to deltas, so that the events are needed for them.
  if (setting.withEvents || over || sink.logprobs)
    for (const [index, item] of output.entries()) addItemEvents(item, index, sink)

  const response = buildEndedResponse(begun, {
    status: 'completed',
    completed_at: setting.completed,
    output,
    usage,
  })
  events.push({ type: 'response.completed', response, sequence_number: events.length })
  if (!over) return { events, begun, response }
  const cut = cutStreamAt(events, countEventsWithinLimit(events, limit), 'max_output_tokens')
  return { events: cut, begun, response: readTerminalResponse(cut) }
}

/** Returns how many events the model sends before it has used `limit` output tokens. Reasoning counts as a whole. */
function countEventsWithinLimit(events: readonly ResponseStreamEvent[], limit: number): number {
  let spent = 0
  let length = 0
  for (const [at, event] of events.entries()) {
    if (event.type === 'response.output_item.added') length = 0
    if (event.type === 'response.output_item.done')
      spent += countItemTokens(event.item as unknown as JsonObject)
    else if ('delta' in event && typeof event.delta === 'string') length += event.delta.length
    const now = event.type === 'response.output_item.done' ? spent : spent + Math.ceil(length / 4)
    if (now < limit) continue
    // The event that reaches the limit is still sent. An item that is done needs no second end.
    if (now > limit && 'delta' in event) return at
    return at + 1
  }
  return events.length - 1
}

/** Returns whether deltas are padded. This is the default since August 2025 (SERVICE-FACTS 10). */
function padsDeltas(body: CreateBody): boolean {
  const options = body['stream_options']
  return !(isObject(options) && options['include_obfuscation'] === false)
}

export function isIncluded(body: CreateBody, what: string): boolean {
  return Array.isArray(body['include']) && body['include'].includes(what)
}
