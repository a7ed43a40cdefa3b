import { createClient, OPENAI } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** One text as JSON and one as a stream. */
export default {
  id: 'text',
  client: OPENAI,
  answers: [
    { items: [{ type: 'text', text: 'Seven ships lie in the harbour of Stavanger tonight.' }] },
    {
      items: [
        // The number of deltas makes 32 stream events. The benchmark reads this stream.
        {
          type: 'text',
          text: 'The largest one is called “Fjordkongen”; she came in at 6 o’clock with timber and leaves at noon. ⚓',
        },
      ],
    },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const instructions = 'You are the harbour master of Stavanger. Answer in one sentence.'
    await client.responses.create({
      model: MODEL,
      instructions,
      input: 'How many ships lie in the harbour tonight?',
    })
    await client.responses
      .stream({
        model: MODEL,
        instructions,
        input: [{ role: 'user', content: 'And which is the largest one?' }],
        // Other mocks send no padding. The benchmark compares the same form.
        stream_options: { include_obfuscation: false },
      })
      .finalResponse()
  },
} satisfies Story
