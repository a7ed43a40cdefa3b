import { Socket } from 'node:net'

/**
 * Leaves this process no way but to loopback until it is released: a runtime may want one while it is imported, or between
 * plans, when nobody hears of it.
 */
export function refuseEgress(): { release(): void } {
  const connect = Socket.prototype.connect
  const guarded = loopbackOnly(() => {})
  Socket.prototype.connect = guarded
  return {
    release() {
      if (Socket.prototype.connect === guarded) Socket.prototype.connect = connect
    },
  }
}

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1|\[::1\])$/

/**
 * `Socket.connect` that reaches loopback only: the last place that every client in the process passes. `hear` is told where
 * else somebody wanted to.
 */
export function loopbackOnly(hear: (destination: string) => void): Socket['connect'] {
  const connect = Socket.prototype.connect
  return function (this: Socket, ...args: unknown[]) {
    const { host, port, path } = destination(args)
    if (path !== undefined || LOOPBACK.test(host)) return Reflect.apply(connect, this, args) as Socket
    hear(`${host}:${port}`)
    process.nextTick(() => this.destroy(new Error(`conformance: no way to ${host}:${port}`)))
    return this
  } as Socket['connect']
}

/** Where a socket is to connect, in each of the ways that it can be told. */
function destination(args: unknown[]): { host: string; port: unknown; path?: unknown } {
  // Inside Node the arguments come as one normalised list.
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) {
    const { host = 'localhost', port, path } = first as { host?: string; port?: unknown; path?: unknown }
    return { host: host ?? 'localhost', port, path: port === undefined ? path : undefined }
  }
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { host: '', port: '', path: first }
  return { host: typeof second === 'string' ? second : 'localhost', port: first }
}
