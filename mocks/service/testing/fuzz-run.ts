import fc from 'fast-check'
import { expect } from 'vitest'
import { checkStream } from '../../grammar/stream.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { createService } from '../service.ts'
import type { Answer } from '../types.ts'
import { ALLOWED } from './allowed.ts'
import { answers } from './arbitraries.ts'
import { type Answered, callService } from './calls.ts'
import { createKnownIds, fillPlaces, learnIds } from './known.ts'
import { facts, type Generated, requests } from './requests.ts'

function isAllowed({ endpoint }: Generated, { status, json }: Answered): boolean {
  if (status === 200) return true
  const { error } = json
  if (!isObject(error) || error['type'] !== 'invalid_request_error' || typeof error['message'] !== 'string')
    return false
  const { code, param } = error
  return (ALLOWED[endpoint] ?? []).some(
    ([allowed, itsCode, itsParam]) =>
      allowed === status &&
      itsCode === code &&
      (itsParam === null ? param === null : itsParam.test(String(param ?? ''))),
  )
}

/**
 * Sends sequences of up to 40 generated requests, about 20 on average, each to a fresh service. Asserts that the facts
 * allow every answer and that every stream is legal. Returns how often each kind of answer came.
 */
export async function fuzzService(sequences: number): Promise<Map<string, number>> {
  const seen = new Map<string, number>()
  await fc.assert(
    fc.asyncProperty(
      fc.array(requests, { minLength: 1, maxLength: 40, size: 'max' }),
      fc.array(answers, { minLength: 1, maxLength: 4 }),
      facts,
      async (sequence, script, chosen) => {
        let time = 1_790_000_000_000
        let asked = 0
        const service = createService({
          facts: chosen,
          now: () => time++,
          script: (): Answer | undefined => script[asked++ % script.length],
          models: { m: {}, small: { contextWindow: 60, efforts: ['low'] } },
        })
        const known = createKnownIds()
        const seeds = { items: [{ role: 'user', content: 'x' }] }
        learnIds(known, JSON.stringify((await callService(service, 'POST', '/conversations', seeds)).json))
        learnIds(
          known,
          JSON.stringify(
            (await callService(service, 'POST', '/responses', { model: 'm', input: 'hi' })).json,
          ),
        )
        for (const request of sequence) {
          const { method, path, body } = fillPlaces(request, known)
          const answered = await callService(service, method, path, body)
          const { status, json, events } = answered
          const shown: JsonObject = { endpoint: request.endpoint, status, error: json['error'] ?? null }
          expect({ ...shown, allowed: isAllowed(request, answered) }).toEqual({ ...shown, allowed: true })
          if (events.length > 0) expect(checkStream(events.map((data) => ({ data }))).breaches).toEqual([])
          learnIds(known, JSON.stringify([json, events]))
          const error = isObject(json['error']) ? json['error'] : {}
          const kind = `${request.endpoint} ${status} ${String(error['code'] ?? null)}`
          seen.set(kind, (seen.get(kind) ?? 0) + 1)
        }
      },
    ),
    { numRuns: sequences },
  )
  return seen
}
