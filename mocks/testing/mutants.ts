import type { StreamEvent } from '../grammar/types.ts'
import { isObject, type JsonObject } from '../json.ts'

/** A stream with one change, and a description of the change. */
export interface Mutant {
  kind: string
  /** The index of the changed event. */
  at: number
  /** The type of the changed event. */
  type: string
  events: StreamEvent[]
}

/** Returns a source of numbers from 0 to 1 (mulberry32). The same seed gives the same mutants. */
export function createRandom(seed: number): () => number {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Mutation = (
  events: readonly StreamEvent[],
  at: number,
  random: () => number,
) => StreamEvent[] | undefined

const drop: Mutation = (events, at) => events.toSpliced(at, 1)

const duplicate: Mutation = (events, at) => events.toSpliced(at, 0, events[at] as StreamEvent)

const swap: Mutation = (events, at) => {
  const [first, second] = [events[at], events[at + 1]]
  return first && second ? events.toSpliced(at, 2, second, first) : undefined
}

/** Ends the stream before event `at`. */
const truncate: Mutation = (events, at) => events.slice(0, at)

const renumber: Mutation = (events, at, random) =>
  edited(events, at, 'sequence_number', (number) =>
    typeof number === 'number'
      ? number + (random() < 0.5 ? -1 : 1) * (1 + Math.floor(random() * 5))
      : undefined,
  )

const otherItemId: Mutation = (events, at) => {
  const data = events[at]?.data
  if (isObject(data) && isObject(data['item'])) {
    const item = data['item']
    return edited(events, at, 'item', () => ({ ...item, id: `${item['id']}0` }))
  }
  return edited(events, at, 'item_id', (id) => (typeof id === 'string' ? `${id}0` : undefined))
}

const otherOutputIndex: Mutation = (events, at, random) =>
  edited(events, at, 'output_index', (index) =>
    typeof index === 'number' ? index + (index > 0 && random() < 0.5 ? -1 : 1) : undefined,
  )

/** Changes one character of the delta. */
const editedDelta: Mutation = (events, at, random) =>
  edited(events, at, 'delta', (delta) => {
    if (typeof delta !== 'string' || delta === '') return undefined
    const place = Math.floor(random() * delta.length)
    return `${delta.slice(0, place)}${delta[place] === '#' ? '*' : '#'}${delta.slice(place + 1)}`
  })

/** Returns the mutation with the events numbered again afterwards, so that only the structure shows the change. */
function thenNumbered(mutation: Mutation): Mutation {
  return (events, at, random) => {
    const changed = mutation(events, at, random)
    const first = events[0]?.data
    const start = isObject(first) ? first['sequence_number'] : undefined
    if (!changed || typeof start !== 'number') return undefined
    return changed.map(({ data, ...frame }, index) => ({
      ...frame,
      data: isObject(data) ? { ...data, sequence_number: start + index } : data,
    }))
  }
}

const MUTATIONS: ReadonlyMap<string, Mutation> = new Map([
  ['drop', drop],
  ['duplicate', duplicate],
  ['swap', swap],
  ['renumber', renumber],
  ['truncate', truncate],
  ['other item id', otherItemId],
  ['other output index', otherOutputIndex],
  ['edited delta', editedDelta],
  ['drop, then numbered', thenNumbered(drop)],
  ['duplicate, then numbered', thenNumbered(duplicate)],
  ['swap, then numbered', thenNumbered(swap)],
])

/** Returns every mutant of every kind at every event of a stream. The seed decides new numbers and edited places. */
export function* listMutants(events: readonly StreamEvent[], random: () => number): Generator<Mutant> {
  for (const [kind, mutation] of MUTATIONS) {
    for (const at of events.keys()) {
      const changed = mutation(events, at, random)
      if (changed) yield { kind, at, type: typeAt(events, at), events: changed }
    }
  }
}

function typeAt(events: readonly StreamEvent[], at: number): string {
  const data = events[at]?.data
  return isObject(data) ? String(data['type']) : ''
}

function edited(
  events: readonly StreamEvent[],
  at: number,
  key: string,
  edit: (value: JsonObject[string] | undefined) => JsonObject[string] | undefined,
): StreamEvent[] | undefined {
  const event = events[at]
  if (!event || !isObject(event.data)) return undefined
  const value = edit(event.data[key])
  if (value === undefined) return undefined
  return events.with(at, { ...event, data: { ...event.data, [key]: value } })
}
