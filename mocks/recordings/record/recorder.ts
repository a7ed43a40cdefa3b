import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { RecordingError } from '../problem.ts'
import { createKeeper, type KeeperOptions } from './keeper.ts'
import { createProxy } from './proxy.ts'
import { proxySockets } from './socket-proxy.ts'

export interface RecordOptions extends KeeperOptions {
  /** The port on 127.0.0.1. 0, the default, takes a free port. */
  port?: number
}

export interface Recorder {
  /** The base URL for clients. */
  baseURL: string
  /** Stops listening, ends the requests that are under way as cut, and waits until everything is written. */
  close(): Promise<{ written: string[]; errors: RecordingError[] }>
}

/**
 * Starts a recording proxy on loopback, also for WebSockets. It forwards each request to the upstream, streams the answer without buffering,
 * and writes the traffic as recording files without credentials and identities, one per conversation.
 *
 * If a client leaves during a body, the upstream request ends and the exchange is kept with `cut: 'client'` and the
 * part that had passed. If a body breaks upstream, it breaks for the client and is kept with `cut: 'upstream'`.
 * Redirects are not followed; the proxy answers 502.
 */
export async function startRecorder(options: RecordOptions): Promise<Recorder> {
  checkUpstream(options.upstream)
  const keeper = createKeeper(options)
  const stop = new AbortController()
  const app = createProxy(options.upstream, keeper, stop.signal)
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false }) as Server
  proxySockets(server, options.upstream, keeper, stop.signal)
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
      return keeper.close()
    },
  }
}

/**
 * Throws if the upstream is not a plain base URL. The error does not repeat the URL, because it may hold a password.
 */
function checkUpstream(upstream: string): void {
  const url = URL.canParse(upstream) ? new URL(upstream) : undefined
  const wrong = (found: string) =>
    new RecordingError({
      file: 'upstream',
      place: 'URL',
      found,
      expected: 'an http or https URL without user and password',
    })
  if (url === undefined) throw wrong('text that is no URL')
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw wrong(`the scheme ${url.protocol}`)
  if (url.username !== '' || url.password !== '') throw wrong('a user or a password in it')
}
