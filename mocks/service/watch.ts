import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Json, JsonObject } from '../json.ts'

/** A request as the service saw it. */
export interface RequestSeen {
  /** 1 for the service's first request. */
  number: number
  /** The `x-request-id` of its response. */
  id: string
  method: string
  /** Path and query as sent. */
  path: string
  /** The parsed body; undefined where there was none or it was not JSON. */
  body?: Json
  /** For a request that makes a response: which attempt at the same answer it is, from 0. */
  attempt?: number
  /** Where a response is made: the ordered items of the chain or conversation, then the input, references resolved. */
  context?: readonly JsonObject[]
}

/**
 * How the answer to a request ended: a terminal event or a whole JSON response by its status; `http`: an answer that is
 * no response (an error, a list, an empty resumed stream); `cut`: the connection ended first.
 */
export type ResponseEnd = 'completed' | 'failed' | 'incomplete' | 'cut' | 'http'

/** What the service does, told as it happens and in order. */
export type ServiceEvent =
  | { type: 'request'; request: RequestSeen }
  | { type: 'request.unscripted'; request: number }
  | {
      type: 'request.refused'
      request: number
      rule: string
      status: number
      code: string | null
      param: string | null
    }
  | { type: 'request.cancelled'; request: number }
  /** A stall has been reached: nothing more comes until the client goes. */
  | { type: 'stalled'; request: number }
  /** The event as it was sent (before the wire's form), or the data of a frame that is no event; `index` counts them. */
  | { type: 'stream.event'; request: number; index: number; event: ResponseStreamEvent | string }
  /** `body`: the JSON answer as it was sent, where it was one and whole. */
  | {
      type: 'response.end'
      request: number
      outcome: ResponseEnd
      status?: number
      response?: string
      body?: unknown
    }
  /** The script asked for what the facts say cannot come: a mistake of the harness. `adapted` tells what came instead. */
  | { type: 'script-impossible'; request: number; found: string; adapted: string }

export type ServiceWatch = (event: ServiceEvent) => void

/** Where the service may be held: before a response's head, before stream event `index`, before a JSON body that is no refusal. */
export interface GatePoint {
  kind: 'head' | 'event' | 'body'
  /** The request's number. */
  request: number
  /** Of the stream event, from 0; 0 for a head or a body. */
  index: number
}

/** Awaited at every such point; undefined lets pass. */
export type Gate = (point: GatePoint) => Promise<void> | undefined
