import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Defect } from '../defect.ts'

export default {
  name: 'retry-repeats-text',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'delivered text differs',
  does: 'Retries after a broken stream, and delivers the second text after the first.',
  source: 'https://github.com/HKUDS/nanobot/issues/4038',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ openEvents: async (open) => retryAfterError(open) }),
} satisfies Defect

async function* retryAfterError(open: () => Promise<AsyncIterable<ResponseStreamEvent>>) {
  let begun = false
  try {
    for await (const event of await open()) {
      begun = true
      yield event
    }
  } catch (error) {
    if (!begun) throw error
    yield* await open()
  }
}
