import { execFileSync } from 'node:child_process'
import dgram from 'node:dgram'
import dns from 'node:dns'
import { once } from 'node:events'
import { connect } from 'node:net'
import { devNull } from 'node:os'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildIsolatedCommand, findIsolation } from '../../isolation/launch.ts'
import { guardNetwork } from './outside.ts'

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
    ['a datagram to localhost', () => datagram((one, done) => one.send('x', 9, 'localhost', done)), []],
    [
      'a datagram of a bound socket with two empty arguments at its end',
      () =>
        datagram((one, done) =>
          one.bind(0, '127.0.0.1', () => {
            Reflect.apply(one.send, one, ['x', 53, '192.0.2.1', undefined, null])
            one.send('x', 9, '127.0.0.1', done)
          }),
        ),
      ['udp 192.0.2.1:53'],
    ],
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
    [
      'the service of loopback',
      () => new Promise((resolve) => dns.lookupService('127.0.0.1', 22, resolve)),
      [],
    ],
    [
      'the service of another machine',
      () => new Promise((resolve) => dns.lookupService('192.0.2.1', 22, resolve)),
      ['dns 192.0.2.1'],
    ],
    [
      'the service of another machine as a promise',
      () => dns.promises.lookupService('192.0.2.1', 22).catch((error: Error) => error),
      ['dns 192.0.2.1'],
    ],
    [
      'the name of loopback',
      () => new Promise((resolve) => dns.reverse('127.0.0.1', resolve)),
      ['dns 127.0.0.1'],
    ],
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

describe('a resolver sends nothing to its servers', () => {
  const methods = (prototype: object) =>
    Object.getOwnPropertyNames(prototype).filter((name) => /^(resolve|reverse)/.test(name))
  type Ask = (name: string, done?: (error: Error) => void) => unknown

  it.each([
    ...methods(dns.Resolver.prototype).map((method) => [method, 'callback'] as const),
    ...methods(dns.promises.Resolver.prototype).map((method) => [method, 'promise'] as const),
  ])('%s as a %s', async (method, style) => {
    const server = dgram.createSocket('udp4')
    let queries = 0
    server.on('message', () => queries++)
    await once(server.bind(0, '127.0.0.1'), 'listening')
    const options = { timeout: 50, tries: 1 }
    const resolver = style === 'promise' ? new dns.promises.Resolver(options) : new dns.Resolver(options)
    resolver.setServers([`127.0.0.1:${server.address().port}`])
    const name = method === 'reverse' ? '127.0.0.1' : 'secret.localhost'
    const heard = await heardOf(async () => {
      const ask = (resolver as unknown as Record<string, Ask>)[method] as Ask
      if (style === 'callback') await new Promise((resolve) => ask.call(resolver, name, resolve))
      else await Promise.resolve(ask.call(resolver, name)).catch(() => {})
    })
    server.close()
    expect({ heard, queries }).toEqual({ heard: [`dns ${name}`], queries: 0 })
  })
})

describe('a datagram to loopback does not go where the lookup of its socket leads', () => {
  const send: Attempt = (one, port, host) => one.send('x', port, host)
  const connected: Attempt = (one, port, host) => one.connect(port, host, () => one.send('x'))
  type Attempt = (socket: dgram.Socket, port: number, host: string | undefined) => void

  it.each<[string, Attempt, 'udp4' | 'udp6', string | undefined]>([
    ['sent to a name', send, 'udp4', 'localhost'],
    ['sent to a name by IPv6', send, 'udp6', 'api.localhost'],
    ['sent to an address', send, 'udp4', '127.0.0.1'],
    ['sent to nobody in particular', send, 'udp4', undefined],
    ['connected to a name', connected, 'udp4', 'localhost'],
    ['connected to a name by IPv6', connected, 'udp6', 'localhost'],
    ['connected to an address', connected, 'udp4', '127.0.0.1'],
    ['connected to nobody in particular', connected, 'udp4', undefined],
  ])('%s', async (_, attempt, type, host) => {
    const receiver = dgram.createSocket(type)
    await once(receiver.bind(0, type === 'udp6' ? '::1' : '127.0.0.1'), 'listening')
    const elsewhere = type === 'udp6' ? '2001:db8::7' : '192.0.2.7'
    const asked: string[] = []
    const sender = dgram.createSocket({
      type,
      lookup(name, _options, done) {
        asked.push(name)
        done(null, name === '0.0.0.0' || name === '::' ? name : elsewhere, 4)
      },
    })
    const heard = await heardOf(async () => {
      const received = once(receiver, 'message')
      attempt(sender, receiver.address().port, host)
      await received
    })
    sender.close()
    receiver.close()
    expect({ heard, asked }).toEqual({ heard: [], asked: [] })
  })

  it('and a socket that outlives the guard asks its lookup for other names', async () => {
    const asked: string[] = []
    const sender = dgram.createSocket({
      type: 'udp4',
      lookup(name, _options, done) {
        asked.push(name)
        done(null, '127.0.0.1', 4)
      },
    })
    await heardOf(() => new Promise((resolve) => sender.send('x', 9, 'localhost', resolve)))
    await new Promise((resolve) => sender.send('x', 9, 'example.invalid', resolve))
    sender.close()
    expect(asked).toEqual(['example.invalid'])
  })
})

/** What a process that is isolated as workers are says of what it and those that it starts send. */
function saidBy(code: string): unknown {
  const isolation = findIsolation()
  const outside = fileURLToPath(new URL('outside.ts', import.meta.url))
  const program = `
    import { watchTraffic } from ${JSON.stringify(outside)}
    const outside = watchTraffic(${JSON.stringify(isolation)}, false)
    ;${code}
    console.log(JSON.stringify({ atLoad: outside.atLoad, taken: outside.take(), unwatched: outside.unwatched() }))
    process.exit(0)`
  const [command, ...args] = buildIsolatedCommand(isolation, devNull, [
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
