import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkStream } from '../grammar/stream.ts'
import { isObject, type JsonObject } from '../json.ts'
import { createService, type Service } from './service.ts'
import { ALLOWED } from './testing/allowed.ts'
import { answers } from './testing/arbitraries.ts'
import { type Answered, call } from './testing/calls.ts'
import { facts, type Generated, requests } from './testing/requests.ts'
import type { Answer } from './types.ts'

/** Ids that earlier answers showed, by the place that they fill. */
type Known = Record<'resp' | 'conv' | 'item' | 'call' | 'sealed', string[]>

function learn(known: Known, value: unknown): void {
  const text = JSON.stringify(value)
  const find = (pattern: RegExp, into: string[]) => {
    for (const [found] of text.matchAll(pattern)) if (!into.includes(found)) into.push(found)
  }
  find(/resp_[0-9a-f]{50}/g, known.resp)
  find(/conv_[0-9a-f]{48}/g, known.conv)
  find(/(msg|fc|rs|cmp)_[0-9a-f]{50}/g, known.item)
  find(/call_[0-9a-f]{24}/g, known.call)
  find(/gAAAAAB[\w-]+/g, known.sealed)
}

/** The request with known ids in its places, later ones preferred. */
function placed(text: string, known: Known, picks: readonly number[]): string {
  let at = 0
  return text.replace(/<(resp|conv|item|call|sealed)>/g, (_, kind: keyof Known) => {
    const ids = known[kind].slice(-6)
    return ids[(picks[at++ % picks.length] ?? 0) % Math.max(1, ids.length)] ?? `${kind}_none`
  })
}

async function send(service: Service, request: Generated, known: Known): Promise<Answered> {
  const [method = '', path = ''] = request.endpoint.split(' ')
  const first = path.startsWith('/responses') ? '<resp>' : '<conv>'
  const ids = path.replace(':id', first).replace(':id', '<item>')
  const bodiless = method === 'GET' || method === 'DELETE'
  const body = bodiless
    ? undefined
    : (request.raw ?? (request.body === undefined ? undefined : JSON.stringify(request.body)))
  const place = (text: string) => placed(text, known, request.picks)
  return call(service, method, place(ids + request.query), body === undefined ? undefined : place(body))
}

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

/** Sequences of up to 40 requests, about 20 each. */
const SEQUENCES = 650
const REQUESTS = 10_000

describe('the service under any sequence of requests', () => {
  it(`gives ${REQUESTS} requests only answers that the facts allow, and every stream is legal`, async () => {
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
          const known: Known = { resp: [], conv: [], item: [], call: [], sealed: [] }
          const seeds = { items: [{ role: 'user', content: 'x' }] }
          learn(known, (await call(service, 'POST', '/conversations', seeds)).json)
          learn(known, (await call(service, 'POST', '/responses', { model: 'm', input: 'hi' })).json)
          for (const request of sequence) {
            const answered = await send(service, request, known)
            const { status, json, events } = answered
            const shown: JsonObject = { endpoint: request.endpoint, status, error: json['error'] ?? null }
            expect({ ...shown, allowed: isAllowed(request, answered) }).toEqual({ ...shown, allowed: true })
            if (events.length > 0) expect(checkStream(events.map((data) => ({ data }))).breaches).toEqual([])
            learn(known, [json, events])
            const error = isObject(json['error']) ? json['error'] : {}
            const kind = `${request.endpoint} ${status} ${String(error['code'] ?? null)}`
            seen.set(kind, (seen.get(kind) ?? 0) + 1)
          }
        },
      ),
      { numRuns: SEQUENCES },
    )
    if (process.env['SHOW_FUZZ']) console.log([...seen].sort())
    // The fuzz is worth something only if it gets through as well as not.
    expect(seen.get('POST /responses 200 null')).toBeGreaterThan(500)
    expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(REQUESTS)
    expect(seen.size).toBeGreaterThan(40)
  })
})
