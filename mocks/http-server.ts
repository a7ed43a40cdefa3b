import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResponse, type RequestHandler } from 'msw'
import { connectionLost } from './body.ts'
import { MAX_BYTES } from './limits.ts'
import { checkBodyType, checkSender, type Refused } from './loopback.ts'
import { TextRequest } from './text-request.ts'

/** Who answers what arrives at a server. */
export interface ServerSetup {
  handlers: RequestHandler[]
  /** The port on 127.0.0.1; 0 takes a free one. */
  port: number
  /** Told of a request that no handler knows; its message is the answer, with 404. */
  unknown(request: Request): Error
  /** Waited for before a request that has arrived is handled. */
  arrival?: () => Promise<void>
  /** Put around what the handlers answer. */
  tap?: (real: typeof fetch) => typeof fetch
}

/** MSW handlers behind a server on loopback. */
export async function serveHandlers(
  setup: ServerSetup,
): Promise<{ baseURL: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    answer(incoming, outgoing, setup).catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(setup.port, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function answer(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  setup: ServerSetup,
): Promise<void> {
  const gone = new AbortController()
  let reader: Reader | undefined
  outgoing.once('close', () => {
    if (outgoing.writableFinished) return
    gone.abort()
    reader?.cancel().catch(() => {})
  })
  const response = await responseTo(incoming, gone.signal, setup)
  if (response.type === 'error') {
    outgoing.destroy()
    return
  }
  reader = response.body?.getReader()
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (reader === undefined) outgoing.end()
  else await send(reader, outgoing)
}

async function responseTo(
  incoming: IncomingMessage,
  signal: AbortSignal,
  { handlers, unknown, arrival, tap }: ServerSetup,
): Promise<Response> {
  const refused =
    checkSender((name) => textOfHeader(incoming.headers[name]), 'this server') ?? checkTarget(incoming)
  if (refused) return refusal(refused)
  try {
    const request = await received(incoming, signal)
    if (!(request instanceof Request)) {
      unknown(new Request(urlOf(incoming), { method: incoming.method ?? 'GET' }))
      return refusal(request)
    }
    await arrival?.()
    const answer = async (asked: Request) =>
      (await getResponse(handlers, asked)) ??
      refusal({ status: 404, code: 'unknown_url', message: unknown(asked).message })
    return await (tap ? tapped(request, answer, tap) : answer(request))
  } catch (error) {
    if (error instanceof TooLarge)
      return refusal({ status: 413, code: 'request_too_large', message: error.message })
    throw error
  }
}

/** What stands around the answer is a fetch function: it raises where a connection is lost, and takes a body's text beside the address. */
async function tapped(
  request: Request,
  answer: (request: Request) => Promise<Response>,
  tap: NonNullable<ServerSetup['tap']>,
): Promise<Response> {
  const { url, method, headers, signal } = request
  const real: typeof fetch = async () => {
    const response = await answer(request)
    if (response.type === 'error') throw connectionLost('fetch failed')
    return response
  }
  const body = await request.clone().text()
  const asked = { method, headers, signal, ...(body === '' ? {} : { body }) }
  return tap(real)(url, asked).catch(() => Response.error())
}

type Reader = ReadableStreamDefaultReader<Uint8Array>

/** Returns the request with its whole body, or why its body is refused. */
async function received(incoming: IncomingMessage, signal: AbortSignal): Promise<Request | Refused> {
  const { method = 'GET' } = incoming
  const headers = incoming.headers as Record<string, string>
  const target = urlOf(incoming)
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, headers, signal })
  const body = await textOf(incoming)
  const refused = body === '' ? undefined : checkBodyType(incoming.headers['content-type'])
  return refused ?? new TextRequest(target, { method, headers, signal, body })
}

/** Returns why a request is refused that the fetch standard has no form for: `OPTIONS *`, an absolute URL, TRACE. */
function checkTarget(incoming: IncomingMessage): Refused | undefined {
  const { method, url = '/' } = incoming
  if (url.startsWith('/') && URL.canParse(urlOf(incoming)) && method !== 'TRACE') return undefined
  return {
    status: 400,
    code: 'invalid_target',
    message: 'found a target or a method that no API has, expected a path that begins with /',
  }
}

/** Which of the loopback's names the client uses decides nothing: all that arrives here is for the handlers. */
function urlOf({ url = '/' }: IncomingMessage): string {
  return `http://127.0.0.1${url}`
}

function textOfHeader(held: string | string[] | undefined): string | undefined {
  return Array.isArray(held) ? held.join(', ') : held
}

/** Thrown for a body that is larger than any limit of the project. */
class TooLarge extends Error {}

function textOf(incoming: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    incoming.on('data', (chunk: Buffer) => {
      size += chunk.byteLength
      if (size <= MAX_BYTES) chunks.push(chunk)
      else reject(new TooLarge(`found a body of more than ${MAX_BYTES} bytes, expected at most that`))
    })
    incoming.on('end', () => resolve(Buffer.concat(chunks).toString()))
    incoming.on('error', reject)
  })
}

function refusal({ status, code, message }: { status: number; code: string; message: string }): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status })
}

/** Writes a body as it comes. One that breaks cuts the connection, but not before the socket has what was sent. */
async function send(reader: Reader, outgoing: ServerResponse): Promise<void> {
  try {
    let read = await reader.read()
    while (!read.done) {
      const next = reader.read()
      next.catch(() => {})
      // What is sent at once arrives at once: an event, and the end after it.
      const ended = await Promise.race([
        next.then(
          ({ done }) => done,
          () => false,
        ),
        turn(),
      ])
      if (ended) return void outgoing.end(read.value)
      if (!outgoing.write(read.value)) await drained(outgoing)
      read = await next
    }
    outgoing.end()
  } catch {
    do await new Promise((resolve) => setImmediate(resolve))
    while (!outgoing.destroyed && outgoing.writableLength > 0)
    outgoing.destroy()
  }
}

function turn(): Promise<false> {
  return new Promise((resolve) => setImmediate(resolve, false))
}

/** A client that goes away drains nothing: its close ends the wait, too. */
function drained(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve)
    outgoing.once('close', resolve)
  })
}
