import type { JsonObject } from '../../json.ts'
import type { Exchange } from '../exchange.ts'
import type { Machine } from '../machine.ts'

/** One call of an endpoint: the ids in its path and the body, if there is one. */
export interface Call {
  params: readonly string[]
  body: JsonObject | undefined
  exchange: Exchange
  machine: Machine
}

export type Endpoint = (call: Call) => Promise<Response>
