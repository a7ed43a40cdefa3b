import { z } from 'zod'
import { parseJson } from '../parse.ts'
import { parseBySchema, RecordingError } from '../problem.ts'
import { RecordedRequest, type RecordingFile } from '../types.ts'
import { convertToRecordingFile, type ForeignExchange } from './foreign.ts'

const json = RecordedRequest.shape.body

/**
 * The definitions that `nock.recorder` writes with `output_objects`: https://github.com/nock/nock#output_objects-option
 */
const Definitions = z.array(
  z.object({
    scope: z.string(),
    method: z.string().default('GET'),
    path: z.string(),
    body: json,
    status: z.int().default(200),
    response: json,
    /** A flat list of names and values in older versions. */
    rawHeaders: z
      .union([z.array(z.string()), z.record(z.string(), z.union([z.string(), z.array(z.string())]))])
      .default([]),
    reqheaders: z.record(z.string(), z.union([z.string(), z.array(z.string())])).default({}),
    responseIsBinary: z.boolean().default(false),
  }),
)

/** Reads definitions of nock's recorder. Compressed bodies and bodies that are not text are hexadecimal. */
export function readNock(text: string, file: string): RecordingFile[] {
  const definitions = parseBySchema(Definitions, parseJson(text, file), file)
  const exchanges = definitions.map((one, index): ForeignExchange => {
    const place = `$[${index}]`
    return {
      place,
      method: one.method,
      url: one.scope.replace(/\/+$/, '') + one.path,
      requestHeaders: listHeaderPairs(one.reqheaders),
      requestBody: one.body === '' || one.body === null ? '' : writeBody(one.body),
      status: one.status,
      responseHeaders: listHeaderPairs(one.rawHeaders),
      responseBody: readResponseBody(one, file, `${place}.response`),
    }
  })
  return [convertToRecordingFile(exchanges, file, 'nock')]
}

type Definition = z.infer<typeof Definitions>[number]

function readResponseBody(
  { response, rawHeaders, responseIsBinary }: Definition,
  file: string,
  place: string,
): Uint8Array | string {
  const packed = listHeaderPairs(rawHeaders).some(([name]) => name.toLowerCase() === 'content-encoding')
  if (Array.isArray(response) && packed && response.every((chunk) => typeof chunk === 'string'))
    return decodeHex(response.join(''), file, place)
  if (typeof response === 'string') return responseIsBinary ? decodeHex(response, file, place) : response
  return writeBody(response)
}

function writeBody(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body)
}

function decodeHex(text: string, file: string, place: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text))
    throw new RecordingError({
      file,
      place,
      found: 'text that is not hexadecimal',
      expected: 'the bytes of the body in hexadecimal',
    })
  return Buffer.from(text, 'hex')
}

function listHeaderPairs(headers: Definition['rawHeaders']): [string, string][] {
  if (Array.isArray(headers))
    return headers.flatMap((name, at): [string, string][] =>
      at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : [],
    )
  return Object.entries(headers).flatMap(([name, held]) =>
    (Array.isArray(held) ? held : [held]).map((value): [string, string] => [name, value]),
  )
}
