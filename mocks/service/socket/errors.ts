import type { JsonObject } from '../../json.ts'

/** The maximum number of named lanes of a connection (SERVICE-FACTS 13). */
export const MOST_LANES = 32

/** The maximum number of responses that are made at once on a connection. Further ones wait (SERVICE-FACTS 13). */
export const MOST_RUNNING = 16

/** Milliseconds after which a connection takes no further request (SERVICE-FACTS 13). */
export const LONGEST_AGE = 60 * 60 * 1000

/** What an error event tells, without the fields of the event itself. */
export interface SocketError {
  status: number
  error: JsonObject
  /** The lane, where the service knows it. */
  lane?: string
}

const invalid = (code: string | null, param: string | null, message: string): SocketError => ({
  status: 400,
  error: { type: 'invalid_request_error', code, message, param },
})

/** The errors of a connection itself. All other errors are refusals of a request, as over HTTP (SERVICE-FACTS 14). */
export const socketErrors = {
  invalidStreamId: invalid(
    'invalid_stream_id',
    'stream_id',
    "The 'stream_id' field must be a non-empty string with at most 256 characters and may only contain letters, numbers, underscores, hyphens, and periods.",
  ),
  tooManyLanes: invalid(
    'websocket_stream_limit_reached',
    'stream_id',
    'This WebSocket connection has reached its maximum number of distinct stream IDs (32). Reuse an existing stream_id or open a new WebSocket connection.',
  ),
  tooOld: {
    status: 400,
    error: {
      type: 'invalid_request_error',
      code: 'websocket_connection_limit_reached',
      message:
        'Responses websocket connection limit reached (60 minutes). Create a new websocket connection to continue.',
    },
  },
  /** Nobody has seen what the service answers here. */
  notAnEvent: invalid(null, null, 'Expected a text message with one JSON object.'),
  unknownEvent: invalid(null, 'type', "Unknown event type. Expected 'response.create'."),
  background: invalid(null, 'background', "The 'background' parameter is not supported on a WebSocket."),
} as const satisfies Record<string, SocketError>

/** Returns an error as the event that the client gets. */
export function writeSocketError({ status, error, lane }: SocketError): string {
  return JSON.stringify({ type: 'error', status, error, ...(lane === undefined ? {} : { stream_id: lane }) })
}

const LANE = /^[A-Za-z0-9_.-]{1,256}$/

/** Returns whether a value names a lane. */
export function isLaneName(value: unknown): value is string {
  return typeof value === 'string' && LANE.test(value)
}
