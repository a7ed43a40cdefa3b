import { createClient, OPENAI } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** The model refuses a structured output, once in a stream and once in JSON. */
export default {
  id: 'refusal',
  client: OPENAI,
  answers: [
    { items: [{ type: 'refusal', text: 'I’m sorry, but I can’t help with picking that lock.' }] },
    { items: [{ type: 'refusal', text: 'I can’t help with that.' }] },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const text = {
      format: {
        type: 'json_schema' as const,
        name: 'steps',
        strict: true,
        schema: {
          type: 'object',
          properties: { steps: { type: 'array', items: { type: 'string' } } },
          required: ['steps'],
          additionalProperties: false,
        },
      },
    }
    await client.responses
      .stream({ model: MODEL, text, input: 'List the steps to pick my neighbour’s lock.' })
      .finalResponse()
    await client.responses.create({ model: MODEL, text, input: 'Then tell me how to copy his key.' })
  },
} satisfies Story
