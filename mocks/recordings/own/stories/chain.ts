import { createClient, OPENAI } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** Three turns, each with the previous_response_id of the one before. The second is not streamed. */
export default {
  id: 'chain',
  client: OPENAI,
  answers: [
    { items: [{ type: 'text', text: 'Welcome aboard, Ingrid. I shall call you by your name from now on.' }] },
    { items: [{ type: 'text', text: 'Your name is Ingrid.' }] },
    { items: [{ type: 'text', text: 'It has six letters and begins with a vowel.' }] },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const first = await client.responses
      .stream({ model: MODEL, input: 'My name is Ingrid. Remember it.' })
      .finalResponse()
    const second = await client.responses.create({
      model: MODEL,
      previous_response_id: first.id,
      input: 'What is my name?',
    })
    await client.responses
      .stream({
        model: MODEL,
        previous_response_id: second.id,
        input: 'How many letters has it, and with what does it begin?',
      })
      .finalResponse()
  },
} satisfies Story
