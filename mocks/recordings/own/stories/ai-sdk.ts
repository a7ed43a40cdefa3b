import { createOpenAI } from '@ai-sdk/openai'
import { jsonSchema, stepCountIs, streamText, tool } from 'ai'
import { API_KEY, MODEL, type Story } from './story.ts'

/** A streamed tool loop of the AI SDK. It sends its reasoning back with an id, and the next call without one. */
export default {
  id: 'ai-sdk',
  client: 'ai 7.0.173, @ai-sdk/openai 4.0.118',
  answers: [
    {
      items: [
        { type: 'reasoning', summary: ['The tide decides.'], encrypted: true },
        { type: 'call', tool: 'get_tide', args: { harbour: 'Bodø' } },
      ],
    },
    { items: [{ type: 'text', text: 'High water in Bodø is at half past four; pass the bar then.' }] },
  ],
  async run(baseURL) {
    const { responses } = createOpenAI({ apiKey: API_KEY, baseURL })
    const result = streamText({
      model: responses(MODEL),
      providerOptions: { openai: { store: false, include: ['reasoning.encrypted_content'] } },
      system: 'You advise skippers. Be brief.',
      prompt: 'When can I pass the bar at Bodø?',
      maxRetries: 0,
      stopWhen: stepCountIs(3),
      tools: {
        get_tide: tool({
          description: 'The next high water of a harbour.',
          inputSchema: jsonSchema<{ harbour: string }>({
            type: 'object',
            properties: { harbour: { type: 'string' } },
            required: ['harbour'],
            additionalProperties: false,
          }),
          execute: async () => ({ highWater: '16:30' }),
        }),
      },
    })
    await result.consumeStream({
      onError: (error) => {
        throw error
      },
    })
  },
} satisfies Story
