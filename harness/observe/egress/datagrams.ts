import { Socket } from 'node:dgram'
import { isLoopback } from './loopback.ts'
import type { Guard, Hear } from './sockets.ts'

/** Lets datagrams reach loopback only. One that goes elsewhere is reported and dropped, as networks drop them. */
export function guardDatagrams(hear: Hear): Guard {
  const { send, connect } = Socket.prototype
  const guardedSend = function (this: Socket, ...args: unknown[]) {
    const { port, address } = destinationOf(args)
    if (address === undefined || isLoopback(address)) return Reflect.apply(send, this, args)
    hear(`udp ${address}:${port}`)
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done, unreachable(address))
  } as Socket['send']
  const guardedConnect = function (this: Socket, ...args: unknown[]) {
    const [port, address] = args
    if (typeof address !== 'string' || isLoopback(address)) return Reflect.apply(connect, this, args)
    hear(`udp ${address}:${port}`)
    const done = args.at(-1)
    if (typeof done === 'function') process.nextTick(done, unreachable(address))
    else process.nextTick(() => this.emit('error', unreachable(address)))
  } as Socket['connect']
  Object.assign(Socket.prototype, { send: guardedSend, connect: guardedConnect })
  return {
    release() {
      if (Socket.prototype.send === guardedSend) Socket.prototype.send = send
      if (Socket.prototype.connect === guardedConnect) Socket.prototype.connect = connect
    },
  }
}

/** Where a datagram goes: `send(message, port, address)`, or with an offset and a length before them. */
function destinationOf(args: unknown[]): { port: unknown; address?: string } {
  const [, second, third, fourth, fifth] = args
  const isSliced = fifth !== undefined || (Boolean(fourth) && typeof fourth !== 'function')
  const [port, address] = isSliced ? [fourth, fifth] : [second, third]
  return typeof address === 'string' ? { port, address } : { port }
}

function unreachable(address: string): Error {
  return Object.assign(new Error(`conformance: no way to ${address}`), { code: 'ENETUNREACH' })
}
