import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Defect } from '../defect.ts'

export default {
  name: 'hangs-at-the-end',
  scenario: 'stream-errors',
  breaks: 'run-settles-once',
  cause: 'run hung, answer cut',
  does: 'Waits forever for the terminal event of a stream that has already ended.',
  source: 'https://github.com/earendil-works/pi/issues/2381',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ openEvents: async (ask) => hangWithoutTerminalEvent(await ask()) }),
} satisfies Defect

async function* hangWithoutTerminalEvent(events: AsyncIterable<ResponseStreamEvent>) {
  let ended = false
  for await (const event of events) {
    ended ||= ['response.completed', 'response.incomplete', 'response.failed'].includes(event.type)
    yield event
  }
  if (!ended) await new Promise(() => {})
}
