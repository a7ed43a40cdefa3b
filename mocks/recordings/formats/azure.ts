import { z } from 'zod'
import { parseJson } from '../parse.ts'
import { parseBySchema } from '../problem.ts'
import { RecordedRequest, type RecordingFile } from '../types.ts'
import { convertToRecordingFile, type ForeignExchange, listHeaderPairs } from './foreign.ts'

const Headers = z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({})
/** Any JSON value, a text, or the lines of a text. Null and a missing key both mean: no body. */
const Body = RecordedRequest.shape.body.nullish()

/**
 * Session records of Azure's test proxy:
 * https://github.com/Azure/azure-sdk-tools/tree/main/tools/test-proxy/Azure.Sdk.Tools.TestProxy
 */
const Session = z.object({
  Entries: z.array(
    z.object({
      RequestUri: z.string(),
      RequestMethod: z.string(),
      RequestHeaders: Headers,
      RequestBody: Body,
      StatusCode: z.int(),
      ResponseHeaders: Headers,
      ResponseBody: Body,
    }),
  ),
})

/** Reads a session record of Azure's test proxy. It keeps JSON as JSON, and a stream as a list of its lines. */
export function readTestProxy(text: string, file: string): RecordingFile[] {
  const { Entries: entries } = parseBySchema(Session, parseJson(text, file), file)
  const exchanges = entries.map(
    (entry, index): ForeignExchange => ({
      place: `$.Entries[${index}]`,
      method: entry.RequestMethod,
      url: entry.RequestUri,
      requestHeaders: listHeaderPairs(entry.RequestHeaders),
      requestBody: writeBody(entry.RequestBody),
      status: entry.StatusCode,
      responseHeaders: listHeaderPairs(entry.ResponseHeaders),
      responseBody: writeBody(entry.ResponseBody),
    }),
  )
  return [convertToRecordingFile(exchanges, file, "Azure's test proxy")]
}

function writeBody(body: z.infer<typeof Body>): string | undefined {
  if (body === null || body === undefined) return undefined
  if (typeof body === 'string') return body
  const isText = Array.isArray(body) && body.length > 0 && body.every((line) => typeof line === 'string')
  return isText ? body.join('') : JSON.stringify(body)
}
