import { z } from 'zod'
import { parseBySchema } from '../problem.ts'
import { RecordedRequest, type RecordingFile } from '../types.ts'
import { parseDocuments } from './documents.ts'
import { convertToRecordingFile, decodeBase64, type ForeignExchange } from './foreign.ts'

const Pairs = z.array(z.object({ name: z.string(), value: z.string() })).nullish()
const Body = z.object({
  body: z.string().nullish(),
  json_body: RecordedRequest.shape.body.nullish(),
  body_base64: z.string().nullish(),
})

/** One exchange as httpmock for Rust records it: https://docs.rs/httpmock (record and playback). */
const Exchange = z.object({
  when: Body.extend({
    path: z.string(),
    method: z.string().default('GET'),
    query_param: Pairs,
    header: Pairs,
  }),
  // biome-ignore lint/suspicious/noThenProperty: httpmock names the answer so. The schema is no promise.
  then: Body.extend({ status: z.int(), header: Pairs }),
})

/** Reads a recording of httpmock: one YAML document per exchange. It keeps no host. */
export function readHttpmock(text: string, file: string): RecordingFile[] {
  const { values } = parseDocuments(text, file)
  const exchanges = values.map((value, index): ForeignExchange => {
    const place = values.length === 1 ? '$' : `document ${index + 1}`
    const { when, then } = parseBySchema(Exchange, value, file, place)
    const query = new URLSearchParams(
      (when.query_param ?? []).map(({ name, value }) => [name, value] as [string, string]),
    )
    return {
      place,
      method: when.method,
      url: `${when.path}${query.size > 0 ? `?${query.toString()}` : ''}`,
      requestHeaders: listPairs(when.header),
      requestBody: readBody(when, file, `${place}.when`),
      status: then.status,
      responseHeaders: listPairs(then.header),
      responseBody: readBody(then, file, `${place}.then`),
    }
  })
  return [convertToRecordingFile(exchanges, file, 'httpmock')]
}

const listPairs = (pairs: z.infer<typeof Pairs>) =>
  (pairs ?? []).map(({ name, value }) => [name, value] as const)

function readBody(held: z.infer<typeof Body>, file: string, place: string): Uint8Array | string | undefined {
  if (typeof held.body_base64 === 'string')
    return decodeBase64(held.body_base64, file, `${place}.body_base64`)
  if (held.json_body !== null && held.json_body !== undefined) return JSON.stringify(held.json_body)
  return held.body ?? undefined
}
