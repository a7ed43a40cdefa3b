import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { isApiEndpoint, parseEndpoint } from '../../endpoint.ts'
import type { Json } from '../../json.ts'
import { MAX_BYTES, parseJsonOrUndefined } from '../../limits.ts'
import { keepPublicRequestHeaders, keepPublicResponseHeaders } from '../headers.ts'
import { deriveRecordingId } from '../names.ts'
import { decodeUtf8 } from '../parse.ts'
import { NoTrafficError, RecordingError } from '../problem.ts'
import type { Recording, RecordingFile } from '../types.ts'

/** An exchange in the file of another tool. Bodies are bytes as sent, or decoded text; undefined if the file has none. */
export interface ForeignExchange {
  /** The place of the exchange in the file, for errors. */
  place: string
  method: string
  url: string
  requestHeaders: readonly (readonly [string, string])[]
  requestBody: Uint8Array | string | undefined
  status: number
  responseHeaders: readonly (readonly [string, string])[]
  responseBody: Uint8Array | string | undefined
}

/**
 * Returns the exchanges of another tool as recordings. Only exchanges with the Responses API and only headers without
 * credentials are kept.
 */
export function convertToRecordingFile(
  exchanges: readonly ForeignExchange[],
  file: string,
  madeWith: string,
  name = file,
): RecordingFile {
  const ours = exchanges.filter(
    ({ url }) => URL.canParse(url, 'http://localhost') && isApiEndpoint(parseEndpoint(url)),
  )
  const broken = exchanges.find(({ url }) => !URL.canParse(url, 'http://localhost'))
  if (ours.length === 0 && broken)
    throw new RecordingError({
      file,
      place: broken.place,
      found: JSON.stringify(broken.url),
      expected: 'a URL',
    })
  if (ours.length === 0)
    throw new NoTrafficError({
      file,
      place: 'file',
      found: `${exchanges.length} exchanges, none with the Responses API`,
      expected: 'at least one request to /responses or /conversations',
    })
  return {
    schema: 1,
    id: deriveRecordingId(name),
    madeWith: { client: madeWith },
    recordings: ours.map((exchange) => convertExchange(exchange, file)),
  }
}

function convertExchange(exchange: ForeignExchange, file: string): Recording {
  const { place, method, url, status } = exchange
  if (!Number.isInteger(status) || status < 200 || status > 599)
    throw new RecordingError({
      file,
      place,
      found: `status ${status}`,
      expected: 'a final status, 200 to 599',
    })
  const response = buildHeaders(exchange.responseHeaders)
  checkBodies(exchange, file)
  return {
    request: {
      method: method.toUpperCase(),
      url: removeUser(url),
      headers: keepPublicRequestHeaders(buildHeaders(exchange.requestHeaders)),
      body: parseRequestBody(
        decodeText(
          exchange.requestBody ?? '',
          buildHeaders(exchange.requestHeaders),
          file,
          `${place}.request`,
        ),
      ),
      recorded: true,
    },
    response: {
      status,
      headers: keepPublicResponseHeaders(response),
      body: buildForeignResponseBody(
        decodeText(exchange.responseBody ?? '', response, file, `${place}.response`),
        response,
      ),
    },
  }
}

function buildForeignResponseBody(text: string, headers: Headers): Recording['response']['body'] {
  const type = headers.get('content-type') ?? ''
  // A stream is recognised by its text if the tool lost the header.
  if (/^text\/event-stream/i.test(type) || (type === '' && /^(event|data):/.test(text)))
    return { sse: text, exact: true }
  const json = parseJsonOrUndefined(text)
  return json === undefined ? { text } : { json: json as Json }
}

function parseRequestBody(text: string): Json {
  if (text === '') return null
  const json = parseJsonOrUndefined(text)
  return json === undefined ? text : (json as Json)
}

/** Statuses whose responses have no body (RFC 9110), and redirects, whose bodies say nothing. */
const isWithoutBody = (status: number) => status === 204 || status === 205 || (status >= 300 && status < 400)

/**
 * Throws if a body that must be there is missing: the response, unless its status says otherwise, and the request that
 * creates a response. Without this check, a tool that keeps bodies under an unknown key gives an empty conversation.
 */
function checkBodies(
  { place, method, url, status, requestBody, responseBody }: ForeignExchange,
  file: string,
) {
  const fail = (part: string, expected: string) => {
    throw new RecordingError({ file, place: `${place}.${part}`, found: 'no body', expected })
  }
  const creates = method.toUpperCase() === 'POST' && parseEndpoint(url).path === '/responses'
  if (creates && isEmpty(requestBody)) fail('request', 'the JSON body of a request that creates a response')
  if (isWithoutBody(status) || method.toUpperCase() === 'HEAD') return
  // An error may have an empty body. A missing one was lost by the tool or is kept under a key that is not known.
  if (responseBody === undefined || (status < 300 && isEmpty(responseBody)))
    fail('response', `the body of a response with status ${status}`)
}

const isEmpty = (body: Uint8Array | string | undefined) => body === undefined || body.length === 0

/** Returns the headers of an object that has one value or a list of values for each name. */
export function listHeaderPairs(
  headers: Readonly<Record<string, string | number | readonly string[]>> | null | undefined,
): [string, string][] {
  return Object.entries(headers ?? {}).flatMap(([name, held]) =>
    (typeof held === 'object' ? held : [String(held)]).map((value): [string, string] => [name, value]),
  )
}

function removeUser(url: string): string {
  if (!URL.canParse(url)) return url
  const parsed = new URL(url)
  parsed.username = ''
  parsed.password = ''
  return parsed.href
}

/** Returns headers. Names and values that HTTP does not allow are left out. */
function buildHeaders(pairs: readonly (readonly [string, string])[]): Headers {
  const headers = new Headers()
  for (const [name, value] of pairs) {
    try {
      headers.append(name, value)
    } catch {
      // HTTP/2 pseudo-headers of browsers, or hostile values.
    }
  }
  return headers
}

function decodeText(body: Uint8Array | string, headers: Headers, file: string, place: string): string {
  if (typeof body === 'string') return body
  const plain = undoCoding(body, headers.get('content-encoding')?.toLowerCase() ?? '', file, place)
  return decodeUtf8(plain, file, place)
}

const codings: Record<string, (bytes: Uint8Array, limit: { maxOutputLength: number }) => Uint8Array> = {
  gzip: gunzipSync,
  'x-gzip': gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
  zstd: zstdDecompressSync,
}

/**
 * Decodes a content coding within the size limit. Many tools decode the body and leave the header, so that bytes that
 * cannot be decoded count as plain.
 */
function undoCoding(bytes: Uint8Array, coding: string, file: string, place: string): Uint8Array {
  const undo = Object.hasOwn(codings, coding) ? codings[coding] : isGzip(bytes) ? gunzipSync : undefined
  if (undo === undefined || bytes.byteLength === 0) return bytes
  try {
    return undo(bytes, { maxOutputLength: MAX_BYTES })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_BUFFER_TOO_LARGE') return bytes
    throw new RecordingError({
      file,
      place,
      found: `a ${coding} body of more than ${MAX_BYTES} bytes`,
      expected: `at most ${MAX_BYTES}`,
    })
  }
}

const isGzip = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b

/** Decodes base64. Throws for any other text. */
export function decodeBase64(text: string, file: string, place: string): Uint8Array {
  const packed = text.replace(/\s+/g, '')
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(packed))
    throw new RecordingError({ file, place, found: 'text that is not base64', expected: 'base64' })
  return Buffer.from(packed, 'base64')
}
