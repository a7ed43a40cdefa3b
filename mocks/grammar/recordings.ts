import type { Recording } from '../recordings/types.ts'
import { checkExchanges, exchangeRules } from './exchange.ts'
import { checkStream, streamQuirks, streamRules } from './stream.ts'
import type { Breach, Quirk, Rule } from './types.ts'
import { checkWire, eventsOfSse, startingAfterOf, wireQuirks } from './wire.ts'

/** Something found in a file of recordings. `event` is there where it was found in a stream. */
export interface Place {
  /** Index of the exchange in its file, 0-based. */
  exchange: number
  /** Index of the stream event, 0-based. */
  event?: number
}

export interface RecordingFindings {
  breaches: (Omit<Breach, 'at'> & Place)[]
  quirks: (Omit<Quirk, 'at'> & Place)[]
}

/** Every rule and every quirk that `checkRecordings` knows. */
export const allRules: readonly Rule[] = [...streamRules, ...exchangeRules]
export const allQuirks: readonly Rule[] = [...streamQuirks, ...wireQuirks]

/** All that the exchanges of one file break, and the quirks by which their streams are recognised, exchange by exchange. */
export function checkRecordings(recordings: readonly Recording[]): RecordingFindings {
  const found: RecordingFindings = { breaches: [], quirks: [] }
  const exchanges = Map.groupBy(checkExchanges(recordings), ({ at }) => at)
  for (const [exchange, recording] of recordings.entries()) {
    for (const { at: _, ...breach } of exchanges.get(exchange) ?? [])
      found.breaches.push({ ...breach, exchange })
    addStream(found, recording, exchange)
  }
  return found
}

function addStream(found: RecordingFindings, { request, response }: Recording, exchange: number): void {
  if (!('sse' in response.body)) return
  const { sse, exact, cut } = response.body
  // A resumed stream tells so in its URL; where the request was not kept, the URL says nothing.
  const known = request.recorded ? { startingAfter: startingAfterOf(request.url) } : {}
  const options = { ...known, cut: cut === 'client' }
  const { breaches, quirks } = checkStream(eventsOfSse(sse), options)
  // Text that was rebuilt from events shows nobody's spelling.
  const wire = exact ? checkWire(sse) : []
  for (const { at, ...breach } of breaches) found.breaches.push({ ...breach, exchange, event: at })
  for (const { at, ...quirk } of [...quirks, ...wire]) found.quirks.push({ ...quirk, exchange, event: at })
}
