import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Ask } from '../parts/answers.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'stops-at-terminal-event',
  does: 'Reads a stream up to its terminal event, and does not wait for the end of the body.',
  source: 'https://github.com/openai/codex (the stream is over at response.completed)',
  parts: () => ({ openEvents: async (ask) => readToTerminal(ask) }),
} satisfies Variant

async function* readToTerminal(ask: Ask): AsyncGenerator<ResponseStreamEvent> {
  for await (const event of await ask()) {
    yield event
    if (['response.completed', 'response.incomplete', 'response.failed'].includes(event.type)) return
  }
}
