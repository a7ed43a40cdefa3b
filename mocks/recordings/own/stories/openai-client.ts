import OpenAI from 'openai'
import type { FunctionTool } from 'openai/resources/responses/responses'
import { API_KEY } from './story.ts'

/** Returns an `openai` client without retries, so that each call is one exchange. */
export const createClient = (baseURL: string) => new OpenAI({ apiKey: API_KEY, baseURL, maxRetries: 0 })

export const OPENAI = 'openai 7.55.0'

export const weatherTool: FunctionTool = {
  type: 'function',
  name: 'get_weather',
  description: 'The weather in a city, now.',
  parameters: {
    type: 'object',
    properties: {
      city: { type: 'string', description: 'The name of the city.' },
      unit: { type: 'string', enum: ['celsius', 'fahrenheit'] },
    },
    required: ['city', 'unit'],
    additionalProperties: false,
  },
  strict: true,
}
