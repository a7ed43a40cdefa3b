import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { isObject, type JsonObject } from '../json.ts'
import { createService } from '../service/service.ts'
import { findSharedFolder } from '../testing/shared-folder.ts'
import type { ModelSpec } from './models.ts'

const shared = findSharedFolder()

interface Interaction {
  request: { method: string; url: string; body: unknown }
  response: { status: number; body: unknown }
}

/** Returns every recorded request for a response that has a body. */
function recordedCreates(): {
  file: string
  body: JsonObject
  status: number
  error: JsonObject | undefined
}[] {
  const folder = `${shared}/recordings/conversations`
  return readdirSync(folder).flatMap((file) => {
    const { interactions } = JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')) as {
      interactions: Interaction[]
    }
    return interactions.flatMap(({ request, response }) => {
      if (request.method !== 'POST' || !request.url.endsWith('/responses') || !isObject(request.body))
        return []
      const error =
        isObject(response.body) && isObject(response.body['error']) ? response.body['error'] : undefined
      return [{ file, body: request.body, status: response.status, error }]
    })
  })
}

async function answerTo(body: JsonObject, models?: Record<string, ModelSpec>) {
  const service = createService(models === undefined ? {} : { models })
  const request = new Request('http://service.test/v1/responses', {
    method: 'POST',
    body: JSON.stringify(body),
  })
  const response = await service.handle(request)
  const text = await response.text()
  return { status: response.status, error: response.status === 200 ? undefined : JSON.parse(text).error }
}

/** Parts of messages about state that a fresh service does not have. */
const UNKNOWN_STATE = [
  'previous-response',
  'Previous response',
  'Conversation with id',
  'Item with id',
  'No tool call found',
  'could not be verified',
]

describe.runIf(shared)('recorded requests (needs ../shared)', () => {
  it('are refused by nothing that rests on the request alone, where they were accepted', async () => {
    let count = 0
    for (const { file, body, status } of recordedCreates()) {
      if (status !== 200) continue
      const { error } = await answerTo(body)
      const message = String(error?.message ?? '')
      if (UNKNOWN_STATE.some((known) => message.includes(known))) continue
      expect({ file, error }).toEqual({ file, error: undefined })
      count++
    }
    expect(count).toBeGreaterThan(150)
  })

  it('are refused as they were, with the same status, code and param', async () => {
    const creates = recordedCreates()
    const models: Record<string, ModelSpec> = {}
    for (const { body, error } of creates)
      if (error?.['code'] !== 'model_not_found') models[String(body['model'])] = {}
    models['o4-mini'] = { efforts: ['low', 'medium', 'high'] }
    const seen = new Set<unknown>()
    for (const { file, body, status, error } of creates) {
      // The limits of the account and the contents of files are not part of the request.
      if (
        error === undefined ||
        status === 429 ||
        ['unsupported_file', 'context_length_exceeded'].includes(String(error['code']))
      )
        continue
      const answered = await answerTo(body, models)
      const { code, param, type } = answered.error ?? {}
      expect({ file, status: answered.status, code, param, type }).toEqual({
        file,
        status,
        code: error['code'],
        param: error['param'],
        type: error['type'],
      })
      seen.add(code)
    }
    expect(seen.size).toBeGreaterThan(3)
  })
})
