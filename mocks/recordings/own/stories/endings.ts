import OpenAI from 'openai'
import { createClient, OPENAI } from './openai-client.ts'
import { MODEL, type Story } from './story.ts'

/** Answers that do not complete: one reaches its token limit, one fails in the middle, one request is refused. */
export default {
  id: 'endings',
  client: OPENAI,
  answers: [
    {
      items: [
        { type: 'text', text: 'Once upon a time there was a lighthouse keeper who counted every wave.' },
      ],
      faults: [{ kind: 'incomplete', at: 12, reason: 'max_output_tokens' }],
    },
    {
      items: [{ type: 'text', text: 'The second part of the tale begins with a storm.' }],
      faults: [{ kind: 'failed', at: 8, code: 'server_error' }],
    },
    {
      items: [{ type: 'text', text: 'The third part is never told.' }],
      faults: [{ kind: 'error-event', at: 2, form: 'nested', code: 'rate_limit_exceeded' }],
    },
  ],
  async run(baseURL) {
    const client = createClient(baseURL)
    const ask = async (body: OpenAI.Responses.ResponseCreateParamsStreaming) => {
      for await (const _ of await client.responses.create(body)) {
        // The stream is read to its end. Its events do not matter.
      }
    }
    await ask({ model: MODEL, stream: true, max_output_tokens: 16, input: 'Tell me a tale of the sea.' })
    await ask({ model: MODEL, stream: true, input: 'Tell me its second part.' })
    await waitForRefusal(ask({ model: MODEL, stream: true, input: 'Tell me its third part.' }))
    await waitForRefusal(
      ask({
        model: MODEL,
        stream: true,
        input: [{ type: 'function_call_output', call_id: 'call_unknown', output: 'x' }],
      }),
    )
    await waitForRefusal(
      client.responses.create({ model: MODEL, previous_response_id: 'resp_unknown', input: 'Go on.' }),
    )
  },
} satisfies Story

/** Waits for the error that the SDK throws for a refusal. */
async function waitForRefusal(asked: Promise<unknown>): Promise<void> {
  try {
    await asked
  } catch (error) {
    if (error instanceof OpenAI.APIError) return
    throw error
  }
  throw new Error('the service accepted what it should refuse')
}
