import { Socket } from 'node:dgram'
import { isIP } from 'node:net'
import { isLoopback, LOCALHOST } from './loopback.ts'
import type { Guard, ReportDestination } from './sockets.ts'

/** Lets datagrams reach loopback only. One that goes elsewhere is reported and dropped, as networks drop them. */
export function guardDatagrams(hear: ReportDestination): Guard {
  const { send, connect } = Socket.prototype
  const guardedSend = function (this: Socket, ...args: unknown[]) {
    const { port, address } = readDestination(args)
    if (address === undefined || isLoopback(address)) {
      guardLookup(this)
      return Reflect.apply(send, this, args)
    }
    hear(`udp ${address}:${port}`)
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done, createUnreachableError(address))
  } as Socket['send']
  const guardedConnect = function (this: Socket, ...args: unknown[]) {
    const [port, address] = args
    if (typeof address !== 'string' || address === '' || isLoopback(address)) {
      guardLookup(this)
      return Reflect.apply(connect, this, args)
    }
    hear(`udp ${address}:${port}`)
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done, createUnreachableError(address))
    else process.nextTick(() => this.emit('error', createUnreachableError(address)))
  } as Socket['connect']
  Object.assign(Socket.prototype, { send: guardedSend, connect: guardedConnect })
  return {
    release() {
      if (Socket.prototype.send === guardedSend) Socket.prototype.send = send
      if (Socket.prototype.connect === guardedConnect) Socket.prototype.connect = connect
    },
  }
}

type Found = (error: Error | null, address?: string) => void

/** The part of a socket's state that `guardLookup` replaces. Node keeps the state under a symbol of its own. */
interface State {
  handle: { lookup(address: string | undefined, found: Found): void } | null
}

const guardedHandles = new WeakSet<object>()

/**
 * Makes a socket send to loopback without its lookup. Node passes even an address, and a missing one, to the lookup that
 * the socket was created with. An address now stays as it is, and a name for localhost becomes the loopback address of
 * the socket's type. Other names, which the guards refuse, still go to the lookup.
 */
function guardLookup(socket: Socket): void {
  const key = Object.getOwnPropertySymbols(socket).find((one) => one.description === 'state symbol')
  const state = key && (socket as unknown as Record<symbol, State>)[key]
  if (!state)
    throw new Error('conformance: this version of Node keeps the state of a datagram socket elsewhere')
  const { handle } = state
  // A closed socket has no handle: Node reports that.
  if (!handle || guardedHandles.has(handle)) return
  const lookup = handle.lookup
  const isV6 = (socket as unknown as { type: string }).type === 'udp6'
  handle.lookup = (address, found) => {
    const known = !address || LOCALHOST.test(address) ? (isV6 ? '::1' : '127.0.0.1') : address
    if (isIP(known) === 0) lookup(known, found)
    else process.nextTick(found, null, known)
  }
  guardedHandles.add(handle)
}

/**
 * Returns the destination in the arguments of `send`: either `(message, port, address)`, or with an offset and a
 * length before the port.
 */
function readDestination(args: unknown[]): { port: unknown; address?: string } {
  const [, second, third, fourth, fifth] = args
  const isSliced = Boolean(fifth) || (Boolean(fourth) && typeof fourth !== 'function')
  const [port, address] = isSliced ? [fourth, fifth] : [second, third]
  return typeof address === 'string' && address !== '' ? { port, address } : { port }
}

function createUnreachableError(address: string): Error {
  return Object.assign(new Error(`conformance: no way to ${address}`), { code: 'ENETUNREACH' })
}
