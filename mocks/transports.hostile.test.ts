import { request } from 'node:http'
import { HttpResponse, http } from 'msw'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_BYTES } from './limits.ts'
import { openTransport, type Transport } from './transports.ts'

let transport: Transport
let asked: string[]

beforeAll(async () => {
  asked = []
  const handler = http.all('*/v1/responses', async ({ request: { method } }) => {
    asked.push(method)
    return HttpResponse.json({ ok: true })
  })
  transport = await openTransport('http', [handler])
})

afterAll(() => transport.close())

/** Sends a request made by hand. Returns the status and the error code of the answer. */
function ask(given: Record<string, string>, body = '{}'): Promise<{ status: number; code: string }> {
  const headers = { 'content-type': 'application/json', ...given }
  return new Promise((resolve, reject) => {
    const outgoing = request(`${transport.baseURL}/responses`, { method: 'POST', headers }, (incoming) => {
      let text = ''
      incoming.on('data', (chunk) => {
        text += chunk
      })
      incoming.on('end', () => {
        resolve({ status: incoming.statusCode ?? 0, code: JSON.parse(text).error?.code ?? '' })
        outgoing.destroy()
      })
    })
    outgoing.on('error', reject)
    outgoing.end(body)
  })
}

describe('a server on loopback', () => {
  it.each(['evil.example', 'localhost.evil.example:80', '127.0.0.1.nip.io', '10.0.0.1'])(
    'refuses a page that reaches it under another name: %j',
    async (host) => {
      const before = asked.length
      expect(await ask({ host })).toEqual({ status: 403, code: 'forbidden_host' })
      expect(asked.length).toBe(before)
    },
  )

  it.each(['localhost', '127.0.0.1:80', '[::1]:8080', 'LOCALHOST:1'])(
    'answers under the names of the loopback: %s',
    async (host) => {
      expect(await ask({ host })).toEqual({ status: 200, code: '' })
    },
  )

  it('refuses a body larger than the limit, and goes on', async () => {
    const body = 'a'.repeat(MAX_BYTES + 1)
    expect(await ask({}, body)).toEqual({ status: 413, code: 'request_too_large' })
    expect(await ask({})).toEqual({ status: 200, code: '' })
  })
})
