import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import {
  type AddressInfo,
  connect,
  createServer,
  type LookupFunction,
  type Server,
  type Socket,
} from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { type Guard, guardSockets } from './sockets.ts'

let server: Server
let port = 0
let heard: string[] = []
let guard: Guard
beforeAll(async () => {
  server = createServer((socket) => socket.end())
  await once(server.listen(0, '127.0.0.1'), 'listening')
  port = (server.address() as AddressInfo).port
})
afterAll(() => server.close())
beforeEach(() => {
  heard = []
  guard = guardSockets((destination) => heard.push(destination))
})
afterEach(() => guard.release())

/** A lookup of the caller's own, which says that every name is at one address. */
const always =
  (address: string): LookupFunction =>
  (_name, options, done) =>
    options.all ? done(null, [{ address, family: 4 }]) : done(null, address, 4)

it.each([
  ['an address', () => connect(port, '127.0.0.1')],
  ['options', () => connect({ port, host: '127.0.0.1' })],
  ['the name localhost', () => connect({ port, host: 'localhost' })],
  ['no host', () => connect(port)],
  ['a name below localhost', () => connect({ port, host: 'api.localhost', lookup: always('127.0.0.1') })],
  ['the unspecified address', () => connect(port, '0.0.0.0')],
  ['an IPv4 address mapped to IPv6', () => connect(port, '::ffff:7f00:1')],
  ['an empty host', () => connect({ port, host: '' })],
])('lets through to loopback: %s', async (_, open) => {
  const socket = open()
  await once(socket, 'connect')
  socket.destroy()
  expect(heard).toEqual([])
})

it.each([
  ['an address', () => connect(9, '192.0.2.1'), '192.0.2.1:9'],
  ['a name', () => connect({ host: 'example.invalid', port: 9 }), 'example.invalid:9'],
  ['an address of IPv6', () => connect(9, '2001:db8::1'), '2001:db8::1:9'],
  [
    'one by way of a folder of its own',
    () => connect(`${tmpdir()}/../run/any.sock`),
    `unix ${tmpdir()}/../run/any.sock`,
  ],
  ['a unix socket by its options', () => connect({ path: '/run/any.sock' }), 'unix /run/any.sock'],
  ['a name that begins as localhost does', () => connect(9, 'localhost.invalid'), 'localhost.invalid:9'],
  ['an address that begins as loopback does', () => connect(9, '127.0.0.1.invalid'), '127.0.0.1.invalid:9'],
  ...['127.0.0.999', '[::1]', '127.1', '::ffff:127.0.0.999'].map((host): [string, () => Socket, string] => [
    `${host}, which is not an address, with a lookup of the caller`,
    () => connect({ port: 9, host, lookup: always('192.0.2.2') }),
    `${host}:9`,
  ]),
])('refuses and reports: %s', async (_, open, destination) => {
  const [error] = (await once(open(), 'error')) as [Error]
  expect(error.message).toBe(`conformance: no way to ${destination}`)
  expect(heard).toEqual([destination])
})

it.each(['localhost', 'api.localhost', 'LOCALHOST.'])(
  'refuses and reports where a lookup of the caller leads elsewhere: %s',
  async (host) => {
    const socket = connect({ port: 9, host, lookup: always('192.0.2.7') })
    const [error] = (await once(socket, 'error')) as [Error]
    expect(error.message).toContain('no way to 192.0.2.7')
    expect(heard).toEqual(['192.0.2.7:9'])
  },
)

it('stands in the way of fetch', async () => {
  const asked = fetch('http://192.0.2.1:4999').catch((error: Error) => error.cause)
  expect(String(await asked)).toContain('conformance: no way to 192.0.2.1:4999')
})

it('leaves a unix socket of its own alone', async () => {
  const path = join(tmpdir(), `conform-test-${process.pid}.sock`)
  const local = createServer((socket) => socket.end())
  await once(local.listen(path), 'listening')
  await once(connect(path), 'connect')
  local.close()
  await rm(path, { force: true })
  expect(heard).toEqual([])
})
