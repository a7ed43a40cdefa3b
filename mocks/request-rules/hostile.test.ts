import { describe, expect, it } from 'vitest'
import { queueScript } from '../service/script.ts'
import { createService } from '../service/service.ts'
import { callService } from '../service/testing/calls.ts'

const NAMES = ['constructor', '__proto__', 'toString', 'hasOwnProperty']
const deep = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`
const service = () => createService({ script: queueScript([]), models: { m: {} } })

describe('a hostile request', () => {
  it.each([100, 10_000, 200_000])('nested %i deep is refused as no JSON', async (depth) => {
    const body = `{"model":"m","input":"hi","metadata":${deep(depth)}}`
    const { status, json } = await callService(service(), 'POST', '/responses', body)
    expect({ status, json }).toMatchObject({ status: 400, json: { error: { code: 'invalid_json' } } })
  })

  it.each(NAMES)('that names what every object has is refused like any unknown name: %s', async (name) => {
    const codeOf = async (body: string) => {
      const { status, json } = await callService(service(), 'POST', '/responses', body)
      expect(status).toBe(400)
      return (json['error'] as { code: unknown }).code
    }
    expect(await codeOf(`{"model":"${name}","input":"hi"}`)).toBe('model_not_found')
    expect(await codeOf(`{"model":"m","input":[{"type":"${name}"}]}`)).toBe('invalid_value')
    expect(await codeOf(`{"model":"m","input":[{"role":"user","content":[{"type":"${name}"}]}]}`)).toBe(
      'invalid_value',
    )
    expect(await codeOf(`{"model":"m","input":"hi","${name}":1}`)).toBe('unknown_parameter')
  })

  it.each(NAMES)('for what every object has finds nothing: %s', async (name) => {
    for (const path of [`/responses/${name}`, `/conversations/${name}`, `/conversations/${name}/items`])
      expect((await callService(service(), 'GET', path)).status).toBe(404)
  })
})
