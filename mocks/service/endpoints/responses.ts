import { poll } from '../background.ts'
import { liveResponse } from '../context.ts'
import { refused } from '../refusals/refusal.ts'
import { responseNotFound } from '../refusals/section-8.ts'
import type { Call } from '../routes.ts'

/** `GET /responses/{id}`. */
export async function retrieveResponse({ params, exchange, machine }: Call): Promise<Response> {
  exchange.seen()
  const [id = ''] = params
  const stored = liveResponse(machine, id)
  if (stored === undefined) return exchange.refuse(refused(responseNotFound, { id }))
  if (stored.run !== undefined) poll(stored.run)
  return exchange.json(stored.response)
}
