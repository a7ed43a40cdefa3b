import { z } from 'zod'
import { parseJson } from '../parse.ts'
import { parseBySchema } from '../problem.ts'
import type { RecordingFile } from '../types.ts'
import { parseYaml } from '../yaml.ts'
import { convertToRecordingFile, decodeBase64, type ForeignExchange } from './foreign.ts'

/** Headers of vcrpy and Ruby VCR. Each name has one value or a list. */
const Headers = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.coerce.string())])).nullish()

const Bytes = z.instanceof(Uint8Array)
/** Both tools write `string`. For bodies that are not text they write `base64_string`; vcrpy also writes !!binary. */
const Body = z.union([
  z.string(),
  Bytes,
  z.object({ string: z.union([z.string(), Bytes]).nullish(), base64_string: z.string().nullish() }),
])

const Interaction = z.object({
  request: z.object({ method: z.string(), uri: z.string(), headers: Headers, body: Body.nullish() }),
  response: z.object({
    status: z.union([z.int(), z.object({ code: z.int() })]),
    headers: Headers,
    body: Body.nullish(),
  }),
})

/** vcrpy has the key `interactions`, Ruby VCR `http_interactions`. */
const Cassette = z.union([
  z.object({ interactions: z.array(Interaction) }),
  z.object({ http_interactions: z.array(Interaction) }),
])

/** Reads a cassette of vcrpy (YAML or JSON) or of Ruby VCR (YAML). */
export function readVcr(text: string, file: string): RecordingFile[] {
  const value = /^\s*\{/.test(text) ? parseJson(text, file) : parseYaml(text, file)
  const cassette = parseBySchema(Cassette, value, file)
  const ruby = 'http_interactions' in cassette
  const list = ruby ? cassette.http_interactions : cassette.interactions
  const root = ruby ? '$.http_interactions' : '$.interactions'
  const exchanges = list.map(({ request, response }, index): ForeignExchange => {
    const place = `${root}[${index}]`
    return {
      place,
      method: request.method,
      url: request.uri,
      requestHeaders: listHeaderPairs(request.headers),
      requestBody: readBody(request.body, file, `${place}.request.body`),
      status: typeof response.status === 'number' ? response.status : response.status.code,
      responseHeaders: listHeaderPairs(response.headers),
      responseBody: readBody(response.body, file, `${place}.response.body`),
    }
  })
  return [convertToRecordingFile(exchanges, file, ruby ? 'Ruby VCR' : 'vcrpy')]
}

function listHeaderPairs(headers: z.infer<typeof Headers>): [string, string][] {
  return Object.entries(headers ?? {}).flatMap(([name, held]) =>
    (Array.isArray(held) ? held : [String(held)]).map((value): [string, string] => [name, value]),
  )
}

function readBody(
  body: z.infer<typeof Body> | null | undefined,
  file: string,
  place: string,
): Uint8Array | string {
  if (body === null || body === undefined) return ''
  if (typeof body === 'string' || body instanceof Uint8Array) return body
  if (typeof body.base64_string === 'string') return decodeBase64(body.base64_string, file, place)
  return body.string ?? ''
}
