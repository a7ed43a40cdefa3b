import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'
import { isApiEndpoint, parseEndpoint } from '../../endpoint.ts'
import type { Json } from '../../json.ts'
import { MAX_BYTES, parseJsonOrUndefined } from '../../limits.ts'
import { keepPublicRequestHeaders, keepPublicResponseHeaders } from '../headers.ts'
import { deriveRecordingId } from '../names.ts'
import { decodeUtf8 } from '../parse.ts'
import { RecordingError } from '../problem.ts'
import type { Recording, RecordingFile } from '../types.ts'

/** An exchange in the file of another tool. Bodies are bytes as sent, or decoded text. */
export interface ForeignExchange {
  /** The place of the exchange in the file, for errors. */
  place: string
  method: string
  url: string
  requestHeaders: readonly (readonly [string, string])[]
  requestBody: Uint8Array | string
  status: number
  responseHeaders: readonly (readonly [string, string])[]
  responseBody: Uint8Array | string
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
  const ours = exchanges.filter(({ url }) => URL.canParse(url) && isApiEndpoint(parseEndpoint(url)))
  if (ours.length === 0)
    throw new RecordingError({
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
  return {
    request: {
      method: method.toUpperCase(),
      url: removeUser(url),
      headers: keepPublicRequestHeaders(buildHeaders(exchange.requestHeaders)),
      body: parseRequestBody(
        decodeText(exchange.requestBody, buildHeaders(exchange.requestHeaders), file, `${place}.request`),
      ),
      recorded: true,
    },
    response: {
      status,
      headers: keepPublicResponseHeaders(response),
      body: buildForeignResponseBody(
        decodeText(exchange.responseBody, response, file, `${place}.response`),
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

function removeUser(url: string): string {
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
