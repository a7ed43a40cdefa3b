import { getResponse } from 'msw'
import OpenAI from 'openai'
import type { Service } from '../service.ts'

/** Returns an openai client that sends its requests to a service's MSW handlers. */
export function createClient(service: Service, options: { maxRetries?: number } = {}): OpenAI {
  return new OpenAI({
    apiKey: 'sk-test',
    baseURL: 'http://service.test/v1',
    logLevel: 'off',
    maxRetries: options.maxRetries ?? 0,
    fetch: async (input, init) => {
      const response = await getResponse(service.handlers, new Request(input as string, init))
      if (response === undefined) throw new Error(`no handler for ${String(input)}`)
      if (response.type === 'error') throw new TypeError('fetch failed')
      return response
    },
  })
}
