import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getResponse, type RequestHandler } from 'msw'
import { connectionLost } from './body.ts'
import { MAX_BYTES } from './limits.ts'
import { checkBodyType, checkSender, type Refused } from './loopback.ts'
import { acceptSockets, type OpenSocket } from './socket-server.ts'
import { TextRequest } from './text-request.ts'

/** How a server on loopback answers. */
export interface ServerSetup {
  handlers: RequestHandler[]
  /** The port on 127.0.0.1. 0 takes a free port. */
  port: number
  /** Called with a request that no handler knows. The message of the returned error is the answer, with 404. */
  reportUnknown(request: Request): Error
  /** Opens the WebSockets that clients ask for. Default: none is opened. */
  openSocket?: OpenSocket
  /** Awaited for each request that has arrived, before it is handled. */
  arrival?: () => Promise<void>
  /** Wraps the handlers. */
  tap?: (real: typeof fetch) => typeof fetch
}

/** Starts a server on loopback that answers with MSW handlers. Returns its base URL and a function that stops it. */
export async function serveHandlers(
  setup: ServerSetup,
): Promise<{ baseURL: string; close(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    answerRequest(incoming, outgoing, setup).catch(() => outgoing.destroy())
  })
  const closeSockets = setup.openSocket ? acceptSockets(server, setup.openSocket) : () => {}
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
        closeSockets()
        server.closeAllConnections()
      }),
  }
}

async function answerRequest(
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
  const response = await buildResponse(incoming, gone.signal, setup)
  if (response.type === 'error') {
    outgoing.destroy()
    return
  }
  reader = response.body?.getReader()
  outgoing.writeHead(response.status, Object.fromEntries(response.headers))
  if (reader === undefined) outgoing.end()
  else await sendBody(reader, outgoing)
}

async function buildResponse(
  incoming: IncomingMessage,
  signal: AbortSignal,
  { handlers, reportUnknown, arrival, tap }: ServerSetup,
): Promise<Response> {
  const refused =
    checkSender((name) => joinHeader(incoming.headers[name]), 'this server') ?? checkTarget(incoming)
  if (refused) return buildRefusal(refused)
  try {
    const request = await readRequest(incoming, signal)
    if (!(request instanceof Request)) {
      reportUnknown(new Request(buildUrl(incoming), { method: incoming.method ?? 'GET' }))
      return buildRefusal(request)
    }
    await arrival?.()
    const answer = async (asked: Request) =>
      (await getResponse(handlers, asked)) ??
      buildRefusal({ status: 404, code: 'unknown_url', message: reportUnknown(asked).message })
    return await (tap ? answerThroughTap(request, answer, tap) : answer(request))
  } catch (error) {
    if (error instanceof TooLarge)
      return buildRefusal({ status: 413, code: 'request_too_large', message: error.message })
    throw error
  }
}

/**
 * Answers through the wrapper. The wrapper sees a fetch function: a lost connection rejects, and the body comes as text
 * in the second argument.
 */
async function answerThroughTap(
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

/** Returns the request with its whole body, or the refusal of the body. */
async function readRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request | Refused> {
  const { method = 'GET' } = incoming
  const headers = incoming.headers as Record<string, string>
  const target = buildUrl(incoming)
  if (method === 'GET' || method === 'HEAD') return new Request(target, { method, headers, signal })
  const body = await readBody(incoming)
  const refused = body === '' ? undefined : checkBodyType(incoming.headers['content-type'])
  return refused ?? new TextRequest(target, { method, headers, signal, body })
}

/**
 * Returns the refusal of a request that the fetch standard cannot express: `OPTIONS *`, an absolute URL, TRACE.
 * Otherwise undefined.
 */
function checkTarget(incoming: IncomingMessage): Refused | undefined {
  const { method, url = '/' } = incoming
  if (url.startsWith('/') && URL.canParse(buildUrl(incoming)) && method !== 'TRACE') return undefined
  return {
    status: 400,
    code: 'invalid_target',
    message: 'found an unusual target or method, expected a path that begins with /',
  }
}

/** Returns the URL of a request. All names of loopback lead to the same handlers, so that the URL has a fixed host. */
function buildUrl({ url = '/' }: IncomingMessage): string {
  return `http://127.0.0.1${url}`
}

function joinHeader(held: string | string[] | undefined): string | undefined {
  return Array.isArray(held) ? held.join(', ') : held
}

/** Thrown for a body that is larger than the limit. */
class TooLarge extends Error {}

function readBody(incoming: IncomingMessage): Promise<string> {
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

function buildRefusal({
  status,
  code,
  message,
}: {
  status: number
  code: string
  message: string
}): Response {
  return Response.json({ error: { message, type: 'invalid_request_error', param: null, code } }, { status })
}

/**
 * Writes a body to the socket as it arrives. If the body breaks, closes the connection after the socket has taken
 * everything.
 */
async function sendBody(reader: Reader, outgoing: ServerResponse): Promise<void> {
  try {
    let read = await reader.read()
    while (!read.done) {
      const next = reader.read()
      next.catch(() => {})
      // Events that are sent in one turn arrive together, and so does the end after them.
      const ended = await Promise.race([
        next.then(
          ({ done }) => done,
          () => false,
        ),
        waitForTurn(),
      ])
      if (ended) return void outgoing.end(read.value)
      if (!outgoing.write(read.value)) await waitForDrain(outgoing)
      read = await next
    }
    outgoing.end()
  } catch {
    do await new Promise((resolve) => setImmediate(resolve))
    while (!outgoing.destroyed && outgoing.writableLength > 0)
    outgoing.destroy()
  }
}

function waitForTurn(): Promise<false> {
  return new Promise((resolve) => setImmediate(resolve, false))
}

/** Resolves when the socket takes data again, or when the client goes away. */
function waitForDrain(outgoing: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    outgoing.once('drain', resolve)
    outgoing.once('close', resolve)
  })
}
