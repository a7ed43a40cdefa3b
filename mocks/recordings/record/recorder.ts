import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { RecordingError } from '../problem.ts'
import { createKeeper, type KeeperOptions } from './keeper.ts'
import { proxyApp } from './proxy.ts'

export interface RecordOptions extends KeeperOptions {
  /** The port on 127.0.0.1; 0, the default, takes a free one. */
  port?: number
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
 * `cut: 'client'` and what had passed until then; a body that breaks upstream breaks for the client and is kept with
 * `cut: 'upstream'`. Redirects are not followed: they are answered with 502.
 */
export async function record(options: RecordOptions): Promise<Recorder> {
  checkUpstream(options.upstream)
  const keeper = createKeeper(options)
  const stop = new AbortController()
  const app = proxyApp(options.upstream, keeper, stop.signal)
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
      return keeper.close()
    },
  }
}

/** The error must not repeat what may be a password. */
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
