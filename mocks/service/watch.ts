import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Json, JsonObject } from '../json.ts'

/** A request as the service saw it. */
export interface RequestSeen {
  /** Counted from 1 over all requests of the service. */
  number: number
  /** The `x-request-id` of the response. */
  id: string
  method: string
  /** Path and query as sent. */
  path: string
  /** The parsed body. Undefined if there was none or it was not JSON. */
  body?: Json
  /** For a request that makes a response: the number of the attempt at the same answer, from 0. */
  attempt?: number
  /**
   * For a request that makes a response: the items of the chain or conversation, then the input with references
   * resolved.
   */
  context?: readonly JsonObject[]
}

/**
 * How an answer ended. `completed`, `failed`, `incomplete`: a terminal event or a whole JSON response with this status.
 * `http`: an answer that is not a response (an error, a list, an empty resumed stream). `cut`: the connection ended
 * first.
 */
export type ResponseEnd = 'completed' | 'failed' | 'incomplete' | 'cut' | 'http'

/** What the service does, reported in order as it happens. */
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
  /** A stall was reached. Nothing more comes until the client goes. */
  | { type: 'stalled'; request: number }
  /** An event as it was sent, before the wire's form, or the data of a frame that is no event. `index` counts both. */
  | { type: 'stream.event'; request: number; index: number; event: ResponseStreamEvent | string }
  /** `body` is the JSON answer, if there was one and it was sent whole. */
  | {
      type: 'response.end'
      request: number
      outcome: ResponseEnd
      status?: number
      response?: string
      body?: unknown
    }
  /**
   * The script asked for something that cannot come according to the facts, which is a mistake of the harness.
   * `adapted` says what came instead.
   */
  | { type: 'script-impossible'; request: number; found: string; adapted: string }

export type ServiceWatch = (event: ServiceEvent) => void

/**
 * A point at which a gate may hold the service: before the head of a response, before stream event `index`, or before a
 * JSON body that is not a refusal.
 */
export interface GatePoint {
  kind: 'head' | 'event' | 'body'
  /** The request's number. */
  request: number
  /** The index of the stream event, from 0. 0 for a head or a body. */
  index: number
}

/** Awaited at every point. Undefined lets the service continue. */
export type Gate = (point: GatePoint) => Promise<void> | undefined
