import type { HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { MAX_BYTES } from '../../limits.ts'
import { checkBodyType, checkSender } from '../../loopback.ts'
import { forwardedHeaders, returnedHeaders } from './forward.ts'
import type { Keeper } from './keeper.ts'
import { tapped } from './tap.ts'

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
export function proxyApp(
  upstream: string,
  keeper: Keeper,
  stop: AbortSignal,
): Hono<{ Bindings: HttpBindings }> {
  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (context, next) => {
    const refused = checkSender((name) => context.req.header(name), 'the recorder')
    return refused ? refusal(refused.status, refused.code, refused.message) : next()
  })
  app.all(`${BASE}/*`, async ({ req, env }) => {
    const request = req.raw
    const { pathname, search, searchParams } = new URL(request.url)
    const path = pathBelow(BASE, pathname)
    if (path === undefined) return unknownUrl()
    const body = await limited(request)
    if (body === undefined) return refusal(413, 'request_too_large', `more than ${MAX_BYTES} bytes`)
    const refused = body.byteLength > 0 ? checkBodyType(req.header('content-type'), UPLOAD) : undefined
    if (refused) return refusal(refused.status, refused.code, refused.message)
    const index = keeper.next()
    keeper.learn(request.headers)
    keeper.learn(searchParams)
    const asked = `${request.method} ${path}`

    const answer = await forward(upstream.replace(/\/+$/, '') + path + search, request, body, stop)
    if ('error' in answer) {
      keeper.fail(asked, `no answer (${answer.error})`, 'an answer of the upstream')
      return refusal(502, 'upstream_unreachable', `the upstream gave no answer: ${answer.error}`)
    }
    const { response } = answer
    keeper.learn(response.headers)
    if (isRedirect(response)) {
      await response.body?.cancel()
      keeper.fail(asked, `a redirect (${response.status})`, 'an answer; redirects are not followed')
      return refusal(502, 'upstream_redirects', 'the upstream redirects; the recorder does not follow')
    }
    const { body: passing, ended } = tapped(response.body, () => cutOff(env.outgoing))
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
    return new Response(passing, { status: response.status, headers: returnedHeaders(response.headers) })
  })
  app.notFound(unknownUrl)
  return app
}

function unknownUrl(): Response {
  return refusal(404, 'unknown_url', `the recorder answers below ${BASE} only`)
}

/**
 * Returns the encoded path below `base`, or undefined if the path is not below it. The base may be percent-encoded
 * (`/%76%31/responses`) and longer than `base`, so that it cannot be cut off by length. The result begins with a slash,
 * so that joining it to an upstream cannot change the host.
 */
export function pathBelow(base: string, pathname: string): string | undefined {
  const slash = pathname.indexOf('/', 1)
  if (slash < 0) return undefined
  try {
    return decodeURIComponent(pathname.slice(0, slash)) === base ? pathname.slice(slash) : undefined
  } catch {
    return undefined
  }
}

async function forward(
  url: string,
  { method, headers, signal }: Request,
  body: Uint8Array<ArrayBuffer>,
  stop: AbortSignal,
): Promise<{ response: Response } | { error: string }> {
  try {
    const response = await fetch(url, {
      method,
      headers: forwardedHeaders(headers),
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
async function cutOff(outgoing: HttpBindings['outgoing']): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (!outgoing.destroyed && outgoing.writableLength > 0)
  outgoing.destroy()
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { message, type: 'recorder_error', param: null, code } }, { status })
}

/** Returns the body of a request, or undefined if it is larger than the limit. */
async function limited(request: Request): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength
    if (size > MAX_BYTES) return undefined
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
