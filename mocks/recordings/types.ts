import { z } from 'zod'
import type { Json } from '../json.ts'

/** Ids name files: letters, digits, dot, underscore and dash, at most 128, never beginning with a dot. */
export const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

const headers = z.record(z.string(), z.string())

/**
 * A JSON value, kept as it is. Not `z.json()`: that one walks the value recursively and drops keys named
 * `__proto__`, which in a recording are data like any other.
 */
const json = z
  .unknown()
  .refine((value) => value !== undefined, 'expected a JSON value') as unknown as z.ZodType<Json>

/** A URL, or a path: with or without a host. */
export const requestUrl = z
  .string()
  .refine((url) => URL.canParse(url, 'http://localhost'), 'expected a URL or a path')

/**
 * The request of a recording. `body` is the parsed JSON body, `null` where there was none.
 * `recorded: false`: only the response was kept; `body` then means nothing.
 */
export const RecordedRequest = z.object({
  method: z.string(),
  url: requestUrl,
  headers: headers.default({}),
  body: json.default(null),
  recorded: z.boolean().default(true),
})

/**
 * Where a body stops before its end. `client`: the client left, so what would have followed is unknown.
 * `upstream`: the connection broke under the body.
 */
const cut = z.enum(['client', 'upstream']).optional()

/**
 * The response of a recording. Exactly one of:
 * `json`, the parsed body; `sse`, the wire text of an event stream (`exact: false` where it was
 * rebuilt from parsed events); `text`, a body that is neither.
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

/** An earlier exchange of the same file (its index) that this one continues, and by what it names it. */
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
  /** Who made the traffic: client and version, and which server answered. */
  madeWith: z.object({ client: z.string(), server: z.string() }).partial().optional(),
  recordings: z.array(Recording),
})

export type RecordedRequest = z.infer<typeof RecordedRequest>
export type Cut = z.infer<typeof cut>
export type RecordedResponse = z.infer<typeof RecordedResponse>
export type RecordingLink = z.infer<typeof RecordingLink>
export type Recording = z.infer<typeof Recording>
export type RecordingFile = z.infer<typeof RecordingFile>
