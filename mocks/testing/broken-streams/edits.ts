import type { StreamEvent } from '../../grammar/types.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { applyPatch, functionCall, message, reasoning, shellCall, shellOutput } from '../streamed-items.ts'
import { buildStream, copyData, numberEvents } from '../streams.ts'

/** A stream that breaks one rule, with the id of that rule. The first breach must be of this rule. */
export interface BrokenStream {
  rule: string
  how: string
  events: StreamEvent[]
  startingAfter?: number
}

/** The legal stream that most examples change: reasoning, a message of two parts, a call. */
export const STANDARD: readonly StreamEvent[] = buildStream({
  items: [
    reasoning('rs_1', ['Think it over.', 'Then answer.']),
    message('msg_1', [
      {
        text: 'A first answer.',
        annotations: [{ type: 'url_citation', url: 'u' }, { type: 'file_citation' }],
      },
      { text: 'A second one.' },
    ]),
    functionCall('fc_1', 'look_up', '{"word":"gate"}'),
  ],
})

export const SHELL: readonly StreamEvent[] = buildStream({
  items: [
    shellCall('sh_1', ['ls -la', 'pwd']),
    shellOutput('sho_1', 'a.txt', 'warning'),
    applyPatch('apc_1', '+a'),
  ],
})

/** Returns a stream with the data of the `nth` event of a type changed. */
export function edit(
  base: readonly StreamEvent[],
  type: string,
  change: (data: JsonObject) => void,
  nth = 0,
): StreamEvent[] {
  const events = copyData(base)
  const data = events[placeOf(base, type, nth)]
  if (data) change(data)
  return base.map((event, at) => ({ ...event, data: events[at] ?? event.data }))
}

/** Returns a stream with the item of an event changed. */
export function editItem(
  base: readonly StreamEvent[],
  type: string,
  change: (item: JsonObject) => void,
  nth = 0,
): StreamEvent[] {
  return edit(base, type, (data) => isObject(data['item']) && change(data['item']), nth)
}

/** Returns a stream with the response of an event changed. */
export function editResponse(
  base: readonly StreamEvent[],
  type: string,
  change: (response: JsonObject) => void,
): StreamEvent[] {
  return edit(base, type, (data) => isObject(data['response']) && change(data['response']))
}

/** Returns a stream without the `nth` event of a type. The events are numbered again. */
export function without(base: readonly StreamEvent[], type: string, nth = 0): StreamEvent[] {
  return renumbered(base.toSpliced(placeOf(base, type, nth), 1))
}

/** Returns a stream with the `nth` event of a type repeated. The events are numbered again. */
export function twice(base: readonly StreamEvent[], type: string, nth = 0): StreamEvent[] {
  const at = placeOf(base, type, nth)
  return renumbered([...base.slice(0, at + 1), ...base.slice(at)])
}

/** Returns a stream with the `nth` event of a type moved `by` places back. The events are numbered again. */
export function later(base: readonly StreamEvent[], type: string, by: number, nth = 0): StreamEvent[] {
  const at = placeOf(base, type, nth)
  const moved = base.slice(at, at + 1)
  return renumbered(base.toSpliced(at, 1).toSpliced(at + by, 0, ...moved))
}

export function renumbered(events: readonly StreamEvent[]): StreamEvent[] {
  return numberEvents(copyData(events))
}

/** Returns the index of the `nth` event of a type. Throws if there is none, because then the example is wrong. */
function placeOf(base: readonly StreamEvent[], type: string, nth: number): number {
  const places = [...base.keys()].filter((at) => copyData(base.slice(at, at + 1))[0]?.['type'] === type)
  const place = places[nth]
  if (place === undefined) throw new Error(`the stream has no ${type} number ${nth}`)
  return place
}
