import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import { createService } from '../service.ts'

function connect(setup: Parameters<typeof createService>[0]): OpenAI {
  const service = createService(setup)
  return new OpenAI({
    apiKey: 'none',
    baseURL: 'http://127.0.0.1/v1',
    maxRetries: 0,
    fetch: (url, init) => service.handle(new Request(url, init)),
  })
}

describe('the models that the client of OpenAI lists', () => {
  it('are those of the table, and another is not found', async () => {
    const client = connect({ models: { mine: {}, 'owner/other': {} } })
    const { data } = await client.models.list()
    expect(data.map(({ id, object }) => [id, object])).toEqual([
      ['mine', 'model'],
      ['owner/other', 'model'],
    ])
    expect((await client.models.retrieve('owner/other')).id).toBe('owner/other')
    await expect(client.models.retrieve('gpt-5.1')).rejects.toMatchObject({
      status: 404,
      code: 'model_not_found',
    })
  })

  it('are some usual ones without a table, where every name can be retrieved', async () => {
    const client = connect({})
    expect((await client.models.list()).data.map(({ id }) => id)).toContain('gpt-5.1')
    expect((await client.models.retrieve('any')).id).toBe('any')
  })
})
