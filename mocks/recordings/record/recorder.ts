import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import { MAX_BYTES } from '../limits.ts'
import { RecordingError } from '../problem.ts'
import type { Recording, RecordingFile } from '../types.ts'
import { createCleaner } from './clean.ts'
import { createConversationFiles } from './conversations.ts'
import { recordingOf, type SeenExchange } from './exchange.ts'
import { forwardedHeaders, returnedHeaders } from './forward.ts'
import { secretsOfHeaders } from './secrets.ts'
import { tapped } from './tap.ts'

export interface RecordOptions {
  /** The base URL of the service to record, such as `https://api.openai.com/v1`. */
  upstream: string
  /** The folder that the recording files are written to; made when absent. */
  out: string
  /** The port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number
  /** The ids of the files are this and a number; `recording` when absent. */
  name?: string
  madeWith?: RecordingFile['madeWith']
  /** Applied to each file before it is scanned and written, such as `createAnonymiser()`. */
  change?(file: RecordingFile): RecordingFile
  /** Further values that no file may hold, beside the credentials seen in headers. */
  secrets?: readonly string[]
  /** Called when an exchange has been kept and its conversation's file is written. */
  onExchange?(exchange: { method: string; path: string; status: number; cut?: 'client' | 'upstream' }): void
  /** Called for each exchange or file that could not be kept. */
  onError?(error: RecordingError): void
}

export interface Recorder {
  /** What a client takes as its base URL. */
  baseURL: string
  /** Stops listening, ends what is under way (as cut) and waits until all is written. */
  close(): Promise<{ written: string[]; errors: RecordingError[] }>
}

/**
 * A recording proxy on loopback: forwards each request below its base URL to the upstream, streams the answer through
 * unbuffered, and writes what passed as recording files, one a conversation, without credentials and identities.
 *
 * A client that leaves in the middle of a body ends the upstream request too, and the exchange is kept with
 * `cut: 'client'` and what the client had been sent; a body that breaks upstream breaks for the client and is kept with
 * `cut: 'upstream'`. Redirects are not followed: they are answered with 502.
 */
export async function record(options: RecordOptions): Promise<Recorder> {
  const cleaner = createCleaner()
  const known = new Set(options.secrets ?? [])
  const errors: RecordingError[] = []
  const underWay = new Set<Promise<void>>()
  const stop = new AbortController()
  const files = createConversationFiles({
    out: options.out,
    known: () => [...known],
    ...(options.name !== undefined && { name: options.name }),
    ...(options.madeWith && { madeWith: options.madeWith }),
    ...(options.change && { change: options.change }),
  })
  const fail = (error: RecordingError) => {
    errors.push(error)
    options.onError?.(error)
  }
  let begun = 0

  const keep = async (index: number, seen: SeenExchange) => {
    let recording: Recording
    try {
      recording = recordingOf(seen, options.upstream, cleaner)
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error
      return fail(error)
    }
    const before = files.errors.length
    await files.add(index, recording)
    for (const error of files.errors.slice(before)) options.onError?.(error)
    const { method, path, status, cut } = seen
    options.onExchange?.({ method, path, status, ...(cut && { cut }) })
  }
  const track = (work: Promise<void>) => {
    underWay.add(work)
    work.finally(() => underWay.delete(work)).catch(() => {})
  }

  const app = new Hono<{ Bindings: HttpBindings }>()
  app.use(async (context, next) => {
    // A page in a browser can reach loopback under a name of its own; it must not ride on this proxy.
    if (!/^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/.test(context.req.header('host') ?? ''))
      return refusal(403, 'forbidden_host', 'the recorder answers to 127.0.0.1 and localhost only')
    return next()
  })
  app.all('/v1/*', async ({ req: { raw }, env }) => {
    const index = begun++
    const { pathname, searchParams, search } = new URL(raw.url)
    const path = pathname.slice('/v1'.length)
    const requestBody = await limited(raw)
    if (requestBody === undefined) return refusal(413, 'request_too_large', `more than ${MAX_BYTES} bytes`)
    for (const secret of secretsOfHeaders(raw.headers)) known.add(secret)
    let response: Response
    const cancel = new AbortController()
    const signal = AbortSignal.any([cancel.signal, stop.signal, raw.signal])
    try {
      response = await fetch(options.upstream.replace(/\/+$/, '') + path + search, {
        method: raw.method,
        headers: forwardedHeaders(raw.headers),
        body: requestBody.byteLength > 0 ? requestBody : null,
        redirect: 'manual',
        signal,
      })
    } catch (error) {
      const cause = (error as Error).cause
      const reason = cause instanceof Error ? cause.message : (error as Error).message
      fail(
        new RecordingError({
          file: 'recording',
          place: `${raw.method} ${path}`,
          found: `no answer (${reason})`,
          expected: 'an answer of the upstream',
        }),
      )
      return refusal(502, 'upstream_unreachable', `the upstream gave no answer: ${reason}`)
    }
    for (const secret of secretsOfHeaders(response.headers)) known.add(secret)
    if (response.status >= 300 && response.status < 400 && response.status !== 304) {
      await response.body?.cancel()
      fail(
        new RecordingError({
          file: 'recording',
          place: `${raw.method} ${path}`,
          found: `a redirect (${response.status})`,
          expected: 'an answer; redirects are not followed',
        }),
      )
      return refusal(502, 'upstream_redirects', 'the upstream redirects; the recorder does not follow')
    }
    const { body, ended } = tapped(response.body, {
      cancelled: () => cancel.abort(),
      broken: () => cutOff(env.outgoing),
    })
    track(
      ended.then(({ bytes, cut }) =>
        keep(index, {
          method: raw.method,
          path,
          search: searchParams,
          requestHeaders: raw.headers,
          requestBody,
          status: response.status,
          responseHeaders: response.headers,
          responseBody: bytes,
          ...(cut && { cut: stop.signal.aborted ? 'client' : cut }),
        }),
      ),
    )
    return new Response(body, { status: response.status, headers: returnedHeaders(response.headers) })
  })
  app.notFound(() => refusal(404, 'unknown_url', 'the recorder answers below /v1 only'))

  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port ?? 0, '127.0.0.1', resolve)
  })
  const { port } = server.address() as AddressInfo
  return {
    baseURL: `http://127.0.0.1:${port}/v1`,
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      stop.abort()
      server.closeAllConnections()
      await closed
      await Promise.all(underWay)
      return { written: [...files.written.values()].sort(), errors: [...errors, ...files.errors] }
    },
  }
}

/** The connection is cut only when the socket has taken what was written before. */
async function cutOff(outgoing: HttpBindings['outgoing']): Promise<void> {
  do await new Promise((resolve) => setImmediate(resolve))
  while (!outgoing.destroyed && outgoing.writableLength > 0)
  outgoing.destroy()
}

function refusal(status: number, code: string, message: string): Response {
  return Response.json({ error: { message, type: 'recorder_error', param: null, code } }, { status })
}

/** The request's body, or undefined where it is larger than the limit. */
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
