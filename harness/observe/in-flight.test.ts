import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type InFlight, watchInFlight } from './in-flight.ts'

let flight: InFlight
let answer: PromiseWithResolvers<ServerResponse>
let baseURL: string
const server = createServer((_, response) => answer.resolve(response))

beforeEach(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  baseURL = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  answer = Promise.withResolvers()
  flight = watchInFlight()
})
afterEach(async () => {
  flight.release()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const seen = () =>
  flight.watch({ type: 'request', request: { number: 1, id: 'a', method: 'GET', path: '/' } })
const ended = () => flight.watch({ type: 'response.end', request: 1, outcome: 'http' })

it('knows nothing until a client has asked', () => {
  expect(flight.any).toBeUndefined()
})

it('tells of a request on its way there, and of its answer on its way back', async () => {
  const asked = fetch(baseURL)
  const response = await answer.promise
  expect(flight.any).toBe(true)
  seen()
  expect(flight.any).toBe(false)
  const before = flight.moves
  ended()
  expect(flight.any).toBe(true)
  response.end('all of it')
  await (await asked).text()
  expect(flight.any).toBe(false)
  expect(flight.moves).toBeGreaterThan(before)
})

it('tells of a client that has gone, until the service has heard of it', async () => {
  const gone = new AbortController()
  const asked = fetch(baseURL, { signal: gone.signal })
  await answer.promise
  seen()
  gone.abort()
  await expect(asked).rejects.toThrow()
  expect(flight.any).toBe(true)
  ended()
  expect(flight.any).toBe(false)
})

it('hears nothing more when it is released', async () => {
  flight.release()
  const asked = fetch(baseURL)
  const response = await answer.promise
  expect(flight.any).toBeUndefined()
  response.end()
  await (await asked).text()
})
