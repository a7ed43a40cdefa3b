import { z } from 'zod'
import type { Json } from '../json.ts'

/** The form of ids, which are file names: letters, digits, dot, underscore and dash, at most 128, no leading dot. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

const headers = z.record(z.string(), z.string())

/**
 * Any JSON value, unchanged. `z.json()` would walk the value recursively and drop keys named `__proto__`, which are
 * ordinary data in a recording.
 */
const json = z
  .unknown()
  .refine((value) => value !== undefined, 'expected a JSON value') as unknown as z.ZodType<Json>

/** A URL, or a path without a host. */
export const requestUrl = z
  .string()
  .refine((url) => URL.canParse(url, 'http://localhost'), 'expected a URL or a path')

/** The WebSocket that carried an exchange: its number in the recorder, and the lane (`stream_id`) of the request. */
export const RecordedSocket = z.object({ connection: z.int().min(0), lane: z.string().optional() })

/**
 * The request of a recording. `body` is the parsed JSON body, `null` without a body. `recorded: false` means that only
 * the response was kept; then `body` has no meaning. A request on a WebSocket has the form of the request over HTTP that it stands for,
 * and `socket`.
 */
export const RecordedRequest = z.object({
  method: z.string(),
  url: requestUrl,
  headers: headers.default({}),
  body: json.default(null),
  recorded: z.boolean().default(true),
  socket: RecordedSocket.optional(),
})

/** Why a body stops early. `client`: the client left, so that the rest is unknown. `upstream`: the connection broke. */
const cut = z.enum(['client', 'upstream']).optional()

/**
 * The response of a recording. Its body has one of three forms. `json` is the parsed body. `sse` is the wire text of an
 * event stream; `exact: false` means that it was rebuilt from parsed events. `text` is any other body.
 */
export const RecordedResponse = z.object({
  status: z.int().min(200, 'expected a final status, 200 to 599').max(599),
  headers: headers.default({}),
  body: z.union([
    z.strictObject({ json }),
    z.strictObject({ sse: z.string(), exact: z.boolean().default(true), cut }),
    z.strictObject({ text: z.string(), cut }),
  ]),
})

/** An earlier exchange of the file (its index) that this exchange continues, and the fields that name it. */
export const RecordingLink = z.object({ from: z.int().min(0), by: z.array(z.string()) })

/** One exchange with the Responses API as it was on the wire. */
export const Recording = z.object({
  request: RecordedRequest,
  response: RecordedResponse,
  links: z.array(RecordingLink).optional(),
})

/** A file of recordings: the exchanges of one conversation, in the order in which they were recorded. */
export const RecordingFile = z.object({
  schema: z.literal(1),
  id: z.string().regex(ID),
  /** The client with its version, and the server. */
  madeWith: z.object({ client: z.string(), server: z.string() }).partial().optional(),
  recordings: z.array(Recording),
})

export type RecordedSocket = z.infer<typeof RecordedSocket>
export type RecordedRequest = z.infer<typeof RecordedRequest>
export type Cut = z.infer<typeof cut>
export type RecordedResponse = z.infer<typeof RecordedResponse>
export type RecordingLink = z.infer<typeof RecordingLink>
export type Recording = z.infer<typeof Recording>
export type RecordingFile = z.infer<typeof RecordingFile>
