import { lookup as lookupName } from 'node:dns'
import { isIP, type LookupFunction, Socket } from 'node:net'
import { isLoopback, isLoopbackAddress, isOwnSocket } from './loopback.ts'

/** Called with a destination that something was to be sent to: a host and port, or another address. */
export type ReportDestination = (destination: string) => void

/** A change to the process. `release` takes it back. */
export interface Guard {
  release(): void
}

/** Lets the sockets of this process reach loopback only. Every client in the process passes here. */
export function guardSockets(hear: ReportDestination): Guard {
  const connect = Socket.prototype.connect
  const guarded = function (this: Socket, ...args: unknown[]) {
    const { options, listener } = readOptions(args)
    const { port, path } = options
    // Converted once, because an object could convert to another host each time.
    const host = String(options.host || 'localhost')
    const destination = path === undefined ? `${host}:${port}` : `unix ${path}`
    if (path !== undefined && isOwnSocket(path)) return Reflect.apply(connect, this, args) as Socket
    if (path === undefined && isLoopback(host)) {
      // Node passes every name to a lookup, which the caller may provide. The addresses it finds must be loopback too.
      const lookup = restrictToLoopback(options.lookup ?? lookupName, (address) => hear(`${address}:${port}`))
      const safe = isIP(host) === 0 ? { ...options, host, lookup } : { ...options, host }
      return Reflect.apply(connect, this, listener ? [safe, listener] : [safe]) as Socket
    }
    hear(destination)
    process.nextTick(() => this.destroy(new Error(`conformance: no way to ${destination}`)))
    return this
  } as Socket['connect']
  Socket.prototype.connect = guarded
  return {
    release() {
      if (Socket.prototype.connect === guarded) Socket.prototype.connect = connect
    },
  }
}

interface Options {
  host?: string
  port?: unknown
  path?: unknown
  lookup?: LookupFunction
}

/** Returns the options of a connection, however the caller gave them. */
function readOptions(args: unknown[]): { options: Options; listener?: unknown } {
  // Inside Node the arguments come as one normalised list.
  const [first, second, third] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  if (typeof first === 'object' && first !== null) {
    const { path, host, ...options } = first as Options
    const named = host === undefined || host === null ? {} : { host }
    // As in Node, a path counts only where there is no port.
    const wins = path !== undefined && path !== null && options.port === undefined
    return { options: { ...options, ...named, ...(wins ? { path } : {}) }, listener: second }
  }
  if (typeof first === 'string' && Number.isNaN(Number(first)))
    return { options: { path: first }, listener: second }
  const named = typeof second === 'string' ? { host: second } : {}
  return { options: { port: first, ...named }, listener: typeof second === 'string' ? third : second }
}

/** Returns a lookup that fails for a name outside this machine. */
function restrictToLoopback(lookup: LookupFunction, hear: ReportDestination): LookupFunction {
  return (name, options, done) =>
    lookup(name, options, (error, address, family) => {
      const found = typeof address === 'string' ? [address] : (address ?? []).map((one) => one.address)
      const foreign = error ? undefined : found.find((one) => !isLoopbackAddress(one))
      if (foreign === undefined) return done(error, address, family)
      hear(foreign)
      done(Object.assign(new Error(`conformance: no way to ${foreign}`), { code: 'ENETUNREACH' }), '', 4)
    })
}
