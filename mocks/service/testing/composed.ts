import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { JsonObject } from '../../json.ts'
import { adaptAnswer } from '../adapt.ts'
import { type Composed, compose, isIncluded } from '../compose/compose.ts'
import { createPadding } from '../compose/pieces.ts'
import { createIds } from '../ids.ts'
import { createRandom } from '../random.ts'
import { createSeal } from '../seal.ts'
import type { ScriptedAnswer } from '../types.ts'

/** Composes an answer without a service, for tests of composer, faults and wire. */
export function composeForTest(answer: ScriptedAnswer, options: JsonObject = {}, seed = 'test'): Composed {
  const body: JsonObject = { model: 'm', input: 'hi', stream: true, ...options }
  const random = createRandom(seed)
  const ids = createIds(`0${random.hex(15)}`, 1_790_000_000, random)
  return compose(adaptAnswer(answer, body).items, {
    body,
    head: { id: ids.makeResponseId(), created: 1_790_000_000, background: body['background'] === true },
    make: {
      makeItemId: ids.makeItemId,
      makeCallId: ids.makeCallId,
      makeSeal: createSeal(seed, random).makeSeal,
      encrypted: isIncluded(body, 'reasoning.encrypted_content'),
    },
    random,
    pad: createPadding(seed),
    withEvents: true,
    alwaysPad: false,
    input: { tokens: 11, cached: 0 },
    completed: 1_790_000_001,
  })
}

/** Returns events as a client reads them: written as JSON and parsed. */
export function readAsClient(events: readonly ResponseStreamEvent[]): { event: string; data: JsonObject }[] {
  return events.map((event) => ({ event: event.type, data: JSON.parse(JSON.stringify(event)) as JsonObject }))
}
