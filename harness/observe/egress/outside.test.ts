import { execFileSync, spawn } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import { connect } from 'node:net'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { findIsolation, launch } from '../../isolation/launch.ts'
import { guardNetwork } from './outside.ts'
import { watchStarted } from './processes.ts'

async function heardOf(does: () => Promise<unknown>): Promise<string[]> {
  const heard: string[] = []
  const guard = guardNetwork((destination) => heard.push(destination))
  try {
    await does()
  } finally {
    guard.release()
  }
  return heard
}

const datagram = async (send: (socket: dgram.Socket, done: (error: Error | null) => void) => void) => {
  const socket = dgram.createSocket('udp4')
  const error = await new Promise<Error | null>((resolve) => send(socket, resolve))
  socket.close()
  return error
}

describe('what is sent to other machines without a socket of TCP is refused and reported', () => {
  it.each<[string, () => Promise<unknown>, string[]]>([
    ['a datagram', () => datagram((one, done) => one.send('x', 53, '192.0.2.1', done)), ['udp 192.0.2.1:53']],
    [
      'a part of a datagram',
      () => datagram((one, done) => one.send(Buffer.from('abc'), 0, 1, 53, 'example.invalid', done)),
      ['udp example.invalid:53'],
    ],
    [
      'a connected datagram socket',
      () => datagram((one, done) => one.connect(53, '192.0.2.1', done as () => void)),
      ['udp 192.0.2.1:53'],
    ],
    ['a datagram to loopback', () => datagram((one, done) => one.send('x', 9, '127.0.0.1', done)), []],
    ['a datagram to nobody in particular', () => datagram((one, done) => one.send('x', 9, done)), []],
    [
      'a name',
      () => new Promise((resolve) => dns.lookup('example.invalid', resolve)),
      ['dns example.invalid'],
    ],
    [
      'a name as a promise',
      () => dns.promises.lookup('example.invalid', { all: true }).catch((error: Error) => error),
      ['dns example.invalid'],
    ],
    [
      'a record',
      () => new Promise((resolve) => dns.resolveTxt('secret.example.invalid', resolve)),
      ['dns secret.example.invalid'],
    ],
    [
      "a resolver's record",
      () => new dns.promises.Resolver().resolve4('example.invalid').catch((error: Error) => error),
      ['dns example.invalid'],
    ],
    [
      "a resolver's own class",
      () => new Promise((resolve) => new dns.Resolver().resolveMx('example.invalid', resolve)),
      ['dns example.invalid'],
    ],
    ['the name localhost', () => dns.promises.lookup('localhost'), []],
    ['an address', () => dns.promises.lookup('192.0.2.1'), []],
  ])('%s', async (_, does, destinations) => {
    expect(await heardOf(does)).toEqual(destinations)
  })

  it('and Node is as it was when the guard is gone', async () => {
    const before = [dgram.Socket.prototype.send, dns.lookup, dns.promises.resolve, dns.Resolver.prototype]
    const keys = Reflect.ownKeys(dns.Resolver.prototype)
    await heardOf(async () => {})
    expect([dgram.Socket.prototype.send, dns.lookup, dns.promises.resolve, dns.Resolver.prototype]).toEqual(
      before,
    )
    expect(Reflect.ownKeys(dns.Resolver.prototype)).toEqual(keys)
  })
})

it('processes and threads that are started are reported, and run', async () => {
  const started: string[] = []
  const guard = watchStarted((what) => started.push(what))
  try {
    expect(execFileSync(process.execPath, ['-p', '1']).toString()).toBe('1\n')
    await once(spawn(process.execPath, ['-e', '']), 'exit')
    await once(new Worker('', { eval: true }), 'exit')
  } finally {
    guard.release()
  }
  expect(started).toEqual(['the process node', 'the process node', 'a thread'])
})

/** What a process that is isolated as workers are says of what it and those that it starts send. */
function saidBy(code: string): unknown {
  const isolation = findIsolation()
  const outside = fileURLToPath(new URL('outside.ts', import.meta.url))
  const program = `
    import { watchOutside } from ${JSON.stringify(outside)}
    const outside = watchOutside(${JSON.stringify(isolation)}, false)
    ;${code}
    console.log(JSON.stringify({ atLoad: outside.atLoad, taken: outside.take(), unwatched: outside.unwatched() }))
    process.exit(0)`
  const [command, ...args] = launch(isolation, devNull, [
    process.execPath,
    ...['--import', 'tsx', '--input-type=module', '-e', program],
  ])
  return JSON.parse(execFileSync(command, args, { encoding: 'utf8' }))
}

const BY_OTHERS = 'somewhere, by a process, thread or library of its own: the kernel counted it'
const child = (code: string) =>
  `(await import('node:child_process')).spawnSync(process.execPath, ['-e', ${JSON.stringify(code)}])`

describe('a process that is watched from its start', () => {
  const counts = findIsolation() !== 'process'

  it.each<[string, string]>([
    ['a connection of IPv4', child("require('net').connect(9, '198.51.100.7').on('error', () => {})")],
    ['a connection of IPv6', child("require('net').connect(9, '2001:db8::7').on('error', () => {})")],
    [
      'a datagram',
      child(
        "const s = require('dgram').createSocket('udp4'); s.send('x', 9, '198.51.100.7', () => s.close())",
      ),
    ],
  ])('tells of what a process that it starts tries, or that nobody could watch it: %s', (_, code) => {
    expect(saidBy(code)).toEqual(
      counts
        ? { atLoad: [], taken: [BY_OTHERS], unwatched: [] }
        : { atLoad: [], taken: [], unwatched: ['the process node'] },
    )
  })

  it('tells nothing of what stays on loopback', () => {
    const quiet = child("require('net').connect(9, '127.0.0.1').on('error', () => {})")
    expect(saidBy(quiet)).toMatchObject({ atLoad: [], taken: [] })
  })

  it('keeps what was tried while the runtime was loaded apart', () => {
    const code = `
      import { connect } from 'node:net'
      connect(9, '192.0.2.1').on('error', () => {})
      outside.loaded(false)
      connect(9, '192.0.2.2').on('error', () => {})`
    expect(saidBy(code)).toEqual({
      atLoad: ['192.0.2.1:9 (while it was loaded)'],
      taken: ['192.0.2.2:9'],
      unwatched: [],
    })
  })
})

it('a guard that is released lets a second one hear', async () => {
  await heardOf(async () => {})
  expect(
    await heardOf(() => new Promise((resolve) => connect(9, '192.0.2.1').once('error', resolve))),
  ).toEqual(['192.0.2.1:9'])
})
