import { createClient, OPENAI } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** A background run: its stream, the same stream resumed after the fourth event, and the retrieved response. */
export default {
  id: 'background',
  client: OPENAI,
  answers: [
    {
      items: [
        {
          type: 'text',
          text: 'The survey of the northern fjords is finished: forty-one of them are navigable.',
        },
      ],
    },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const stream = await client.responses.create({
      model: MODEL,
      background: true,
      stream: true,
      input: 'Survey the northern fjords and report.',
    })
    let id = ''
    for await (const event of stream) {
      if (event.type === 'response.created') id = event.response.id
    }
    for await (const _ of await client.responses.retrieve(id, { stream: true, starting_after: 3 })) {
      // The stream is read to its end. Its events do not matter.
    }
    await client.responses.retrieve(id)
  },
} satisfies Story
