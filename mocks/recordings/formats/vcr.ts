import { z } from 'zod'
import { NoTrafficError, parseBySchema } from '../problem.ts'
import { RecordedRequest, type RecordingFile } from '../types.ts'
import { parseDocuments } from './documents.ts'
import { convertToRecordingFile, decodeBase64, type ForeignExchange, listHeaderPairs } from './foreign.ts'

/** Each name has one value or a list. */
const Headers = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.coerce.string())])).nullish()

const Bytes = z.instanceof(Uint8Array)
const Text = z.union([z.string(), Bytes])
/** vcrpy and Ruby VCR write `string`. For bodies that are not text they write `base64_string` or a binary value. */
const Body = z.union([Text, z.object({ string: Text.nullish(), base64_string: z.string().nullish() })])

/** Where the parts keep their bodies. `parsed_body` is the JSON of a body, which custom serializers of vcrpy write. */
const bodies = {
  body: Body.nullish(),
  parsed_body: RecordedRequest.shape.body.nullish(),
  /** The body of a response of httpx in cassettes of vcrpy before version 6. */
  content: Text.nullish(),
}

const Interaction = z
  .object({
    /** vcrpy and Ruby VCR write `uri`, go-vcr writes `url`. */
    request: z.object({
      method: z.string().default('GET'),
      uri: z.string().optional(),
      url: z.string().optional(),
      headers: Headers,
      ...bodies,
    }),
    /** A code, an object with a code, or the status line beside `code` (go-vcr) or `status_code` (vcrpy for httpx). */
    response: z.object({
      status: z.union([z.int(), z.object({ code: z.int() }), z.string()]).optional(),
      code: z.int().optional(),
      status_code: z.int().optional(),
      headers: Headers,
      ...bodies,
    }),
  })
  .transform(({ request, response }, context) => {
    const url = request.uri ?? request.url
    if (url === undefined)
      context.addIssue({
        code: 'custom',
        path: ['request', 'uri'],
        message: 'expected a URL',
        input: undefined,
      })
    const { status, code, status_code } = response
    const number = code ?? status_code ?? (typeof status === 'object' ? status.code : status)
    if (typeof number !== 'number')
      context.addIssue({
        code: 'custom',
        path: ['response', 'status'],
        message: 'expected a status code',
        input: status,
      })
    return { request, response, url: url ?? '', status: Number(number) }
  })

/** vcrpy and go-vcr have the key `interactions`, Ruby VCR `http_interactions`. */
const Cassette = z.union([
  z.object({ interactions: z.array(Interaction), version: z.number().optional() }),
  z.object({ http_interactions: z.array(Interaction) }),
])

/**
 * Reads a cassette of vcrpy (YAML or JSON), Ruby VCR or go-vcr (YAML). Each YAML document is a cassette of its own. From
 * the second one on, the number of the document is in the id.
 */
export function readVcr(text: string, file: string): RecordingFile[] {
  const { values } = parseDocuments(text, file)
  const without: NoTrafficError[] = []
  const read = values.flatMap((value, index) => {
    const root = values.length === 1 ? '$' : `document ${index + 1}: $`
    try {
      return [readCassette(value, file, root, index === 0 ? file : addNumber(file, index + 1))]
    } catch (error) {
      if (!(error instanceof NoTrafficError)) throw error
      without.push(error)
      return []
    }
  })
  if (read.length === 0 && without[0]) throw without[0]
  return read
}

/** Returns the name of a file with a number before its extension. */
const addNumber = (file: string, number: number) => file.replace(/(\.[A-Za-z0-9]{1,5})?$/, `-${number}$1`)

function readCassette(value: unknown, file: string, root: string, name: string): RecordingFile {
  const cassette = parseBySchema(Cassette, value, file, root)
  const ruby = 'http_interactions' in cassette
  const list = ruby ? cassette.http_interactions : cassette.interactions
  const exchanges = list.map(({ request, response, url, status }, index): ForeignExchange => {
    const place = `${root}.${ruby ? 'http_interactions' : 'interactions'}[${index}]`
    return {
      place,
      method: request.method,
      url,
      requestHeaders: listHeaderPairs(request.headers),
      requestBody: readBody(request, file, `${place}.request.body`),
      status,
      responseHeaders: listHeaderPairs(response.headers),
      responseBody: readBody(response, file, `${place}.response.body`),
    }
  })
  const go = list.some(({ request }) => request.uri === undefined)
  return convertToRecordingFile(exchanges, file, ruby ? 'Ruby VCR' : go ? 'go-vcr' : 'vcrpy', name)
}

type Held = Pick<z.infer<typeof Interaction>['request'], 'body' | 'parsed_body' | 'content'>

/** Returns a body, or undefined if none of the known keys holds one. */
function readBody(
  { body, parsed_body, content }: Held,
  file: string,
  place: string,
): Uint8Array | string | undefined {
  if (parsed_body !== null && parsed_body !== undefined)
    return typeof parsed_body === 'string' ? parsed_body : JSON.stringify(parsed_body)
  if (content !== null && content !== undefined) return content
  if (body === null || body === undefined) return undefined
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (typeof body.base64_string === 'string') return decodeBase64(body.base64_string, file, place)
  return body.string ?? undefined
}
