import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { MAX_BYTES } from '../../limits.ts'
import { checkBodyType, checkSender } from '../../loopback.ts'
import { buildClientHeaders, buildUpstreamHeaders } from './forward.ts'
import type { Keeper } from './keeper.ts'
import { tapBody } from './tap.ts'

const BASE = '/v1'

/**
 * The content type of file uploads. A web page can send it without asking first, but every browser adds an `Origin`
 * header for another origin, and such requests are refused.
 */
const UPLOAD = 'multipart/form-data'

/**
 * Creates a proxy in front of `upstream`. It forwards requests below `/v1`, streams the answers through, and gives both
 * to the keeper. `stop` ends the requests that are under way.
 */
export function createProxy(
  upstream: string,
  keeper: Keeper,
  stop: AbortSignal,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (context, next) => {
    const refused = checkSender((name) => context.req.header(name), 'the recorder')
    return refused ? buildRefusal(refused.status, refused.code, refused.message) : next()
  })
  app.all(`${BASE}/*`, async ({ req, env }) => {
    const request = req.raw
    const { pathname, search, searchParams } = new URL(request.url)
    const path = findPathBelow(BASE, pathname)
    if (path === undefined) return buildUnknownUrl()
    const body = await readLimitedBody(request)
    if (body === undefined) return buildRefusal(413, 'request_too_large', `more than ${MAX_BYTES} bytes`)
    const refused = body.byteLength > 0 ? checkBodyType(req.header('content-type'), UPLOAD) : undefined
    if (refused) return buildRefusal(refused.status, refused.code, refused.message)
    const index = keeper.takeIndex()
    keeper.rememberSecrets(request.headers)
    keeper.rememberSecrets(searchParams)
    const asked = `${request.method} ${path}`

    const answer = await forwardRequest(upstream.replace(/\/+$/, '') + path + search, request, body, stop)
    if ('error' in answer) {
      keeper.reportFailure(asked, `no answer (${answer.error})`, 'an answer of the upstream')
      return buildRefusal(502, 'upstream_unreachable', `the upstream gave no answer: ${answer.error}`)
    }
    const { response } = answer
    keeper.rememberSecrets(response.headers)
    if (isRedirect(response)) {
      await response.body?.cancel()
      keeper.reportFailure(asked, `a redirect (${response.status})`, 'an answer; redirects are not followed')
      return buildRefusal(502, 'upstream_redirects', 'the upstream redirects; the recorder does not follow')
    }
    const { body: passing, ended } = tapBody(response.body, () => cutConnection(env.outgoing))
    const seen = ended.then(({ bytes, cut }) => ({
      method: request.method,
      path,
      search: searchParams,
      requestHeaders: request.headers,
      requestBody: body,
      status: response.status,
      responseHeaders: response.headers,
      responseBody: bytes,
      // When the recorder stops, it leaves the upstream as a client does.
      ...(cut && { cut: stop.aborted ? ('client' as const) : cut }),
    }))
    keeper.keep(index, seen)
    return new Response(passing, { status: response.status, headers: buildClientHeaders(response.headers) })
  })
  app.notFound(buildUnknownUrl)
  return app
}

function buildUnknownUrl(): Response {
  return buildRefusal(404, 'unknown_url', `the recorder answers below ${BASE} only`)
}

/**
 * Returns the encoded path below `base`, or undefined if the path is not below it. The base may be percent-encoded
 * (`/%76%31/responses`) and longer than `base`, so that it cannot be cut off by length. The result begins with a slash,
 * so that joining it to an upstream cannot change the host.
 */
export function findPathBelow(base: string, pathname: string): string | undefined {
  const slash = pathname.indexOf('/', 1)
  if (slash < 0) return undefined
  try {
    return decodeURIComponent(pathname.slice(0, slash)) === base ? pathname.slice(slash) : undefined
  } catch {
    return undefined
  }
}

async function forwardRequest(
  url: string,
  { method, headers, signal }: Request,
  body: Uint8Array<ArrayBuffer>,
  stop: AbortSignal,
): Promise<{ response: Response } | { error: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers: buildUpstreamHeaders(headers),
      body: body.byteLength > 0 ? body : null,
      redirect: 'manual',
      signal: AbortSignal.any([stop, signal]),
    })
    return { response }
  } catch (error) {
    const { cause, message } = error as Error
    return { error: cause instanceof Error ? cause.message : message }
  }
}

const isRedirect = ({ status }: Response) => status >= 300 && status < 400 && status !== 304

/** Closes the connection after the socket has taken everything. */
async function cutConnection(outgoing: HttpBindings['outgoing']): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (!outgoing.destroyed && outgoing.writableLength > 0)
  outgoing.destroy()
}

function buildRefusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { message, type: 'recorder_error', param: null, code } }, { status })
}

/** Returns the body of a request, or undefined if it is larger than the limit. */
async function readLimitedBody(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
