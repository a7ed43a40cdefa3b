import OpenAI from 'openai'
import { afterEach, describe, expect, it } from 'vitest'
import { openTransport, type Transport } from '../transports.ts'
import { ANSWER_HEADER, createServedService } from './served.ts'

const open: Transport[] = []
afterEach(async () => {
  for (const transport of open.splice(0)) await transport.close()
})

async function served(answers?: Parameters<typeof createServedService>[1]) {
  const transport = await openTransport('http', createServedService({ seed: 'served' }, answers).handlers)
  open.push(transport)
  const origin = new URL(transport.baseURL).origin
  const client = new OpenAI({ baseURL: transport.baseURL, apiKey: 'sk-test', maxRetries: 0 })
  const admin = (method: string, path: string, body?: unknown) =>
    fetch(`${origin}/_conformance${path}`, {
      method,
      ...(body === undefined
        ? {}
        : {
            headers: { 'content-type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
          }),
    })
  /** Returns the text of the answer, or the name of the function that it calls. */
  const ask = async (headers: Record<string, string> = {}, input = 'hello', tool?: string) => {
    const tools =
      tool === undefined ? [] : [{ type: 'function' as const, name: tool, parameters: null, strict: false }]
    const { output, output_text } = await client.responses.create(
      { model: 'gpt-5.1', input, tools },
      { headers },
    )
    const [call] = output.filter(({ type }) => type === 'function_call')
    return call?.type === 'function_call' ? call.name : output_text
  }
  return { admin, ask }
}

const says = (text: string) => ({ items: [{ type: 'text' as const, text }] })

describe('a served service', () => {
  it('answers from its script, which can be replaced and added to while it runs', async () => {
    const { admin, ask } = await served([says('from the start')])
    expect(await ask()).toBe('from the start')
    await admin('PUT', '/script', [says('one'), says('two')])
    expect(await ask()).toBe('one')
    expect(await (await admin('POST', '/script', [says('three')])).json()).toEqual({ answers: 2 })
    expect([await ask(), await ask(), await ask()]).toEqual(['two', 'three', 'OK.'])
  })

  it('calls a function that the request offers, but only as long as it has had no script', async () => {
    const { admin, ask } = await served()
    expect(await ask({}, 'hello', 'lookup')).toBe('lookup')
    await admin('PUT', '/script', [])
    expect(await ask({}, 'hello again', 'lookup')).toBe('OK.')
    await admin('DELETE', '')
    expect(await ask({}, 'hello again', 'lookup')).toBe('lookup')
  })

  it('never uses an answer up that is always given', async () => {
    const { ask } = await served([{ ...says('again'), always: true }])
    expect([await ask(), await ask()]).toEqual(['again', 'again'])
  })

  it('takes the answer that a request brings in its header, its fault with it', async () => {
    const { ask } = await served([says('scripted')])
    expect(await ask({ [ANSWER_HEADER]: JSON.stringify(says('my own')) })).toBe('my own')
    const failing = { ...says('never'), faults: [{ kind: 'http', status: 418, code: 'teapot' }] }
    await expect(ask({ [ANSWER_HEADER]: JSON.stringify(failing) })).rejects.toMatchObject({
      status: 418,
      code: 'teapot',
    })
    // An equal body is a retry of the spoiled answer. Another body takes the next answer of the script.
    expect(await ask()).toBe('never')
    expect(await ask({}, 'something else')).toBe('scripted')
  })

  it('tells its events and forgets everything when it is reset', async () => {
    const { admin, ask } = await served([says('kept')])
    await ask()
    const before = (await (await admin('GET', '/events')).json()) as { events: { type: string }[] }
    expect(before.events.map(({ type }) => type)).toEqual(['request', 'response.end'])
    expect((await admin('DELETE', '')).status).toBe(204)
    expect(await (await admin('GET', '/events')).json()).toEqual({ schema: 1, events: [] })
    expect(await ask()).toBe('OK.')
  })

  it.each([
    ['no JSON', 'nonsense', 'expected an answer as JSON'],
    ['an unknown item', '{"items":[{"type":"song"}]}', 'items.0'],
    ['garbage that is JSON', '{"items":[],"faults":[{"kind":"garbage","at":0,"data":"{}"}]}', 'is no JSON'],
    ['an unknown key', '{"items":[],"__proto__x":1}', '__proto__x'],
  ])('refuses %s with the place', async (_, header, message) => {
    const { ask } = await served()
    await expect(ask({ [ANSWER_HEADER]: header })).rejects.toMatchObject({
      status: 400,
      code: 'conformance_admin',
      message: expect.stringContaining(message),
    })
  })

  it.each([
    [
      'deeper than the limit',
      `[{"items":[{"type":"call","tool":"t","args":${'['.repeat(1e6)}${']'.repeat(1e6)}}]}]`,
    ],
    ['more answers than the limit', `[${Array(10_001).fill('{"items":[]}')}]`],
    ['no JSON', '[{'],
    ['of a key that no answer has', '[{"items":[],"constructor":{"always":true}}]'],
  ])('refuses a hostile script: %s', async (_, script) => {
    const { admin, ask } = await served([says('kept')])
    expect((await admin('PUT', '/script', script)).status).toBe(400)
    expect(await ask()).toBe('kept')
  })

  it('refuses an answer in a header that is nested deeper than the limit', async () => {
    const { ask } = await served()
    const deep = `{"items":[{"type":"call","tool":"t","args":${'['.repeat(3_000)}${']'.repeat(3_000)}}]}`
    await expect(ask({ [ANSWER_HEADER]: deep })).rejects.toMatchObject({
      status: 400,
      code: 'conformance_admin',
    })
  })

  it('refuses a script that is none, and keeps the one it has', async () => {
    const { admin, ask } = await served([says('kept')])
    const response = await admin('PUT', '/script', { answers: [] })
    expect(response.status).toBe(400)
    expect(await ask()).toBe('kept')
  })
})
