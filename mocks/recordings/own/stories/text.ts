import { OPENAI, openai } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** A text as JSON and another as a stream. */
export default {
  id: 'text',
  client: OPENAI,
  answers: [
    { items: [{ type: 'text', text: 'Seven ships lie in the harbour of Stavanger tonight.' }] },
    {
      items: [
        // As many deltas as make 32 stream events: the benchmark reads this stream.
        {
          type: 'text',
          text: 'The largest one is called “Fjordkongen”; she came in at 6 o’clock with timber and leaves at noon. ⚓',
        },
      ],
    },
  ],
  async tell(baseURL) {
    const client = openai(baseURL)
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
        // Other mocks send no padding, and the benchmark compares like with like.
        stream_options: { include_obfuscation: false },
      })
      .finalResponse()
  },
} satisfies Story
