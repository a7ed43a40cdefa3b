import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Defect } from '../defect.ts'

export default {
  name: 'garbage-taken-for-end',
  scenario: 'stream-errors',
  breaks: 'truncation-is-failure',
  cause: 'last answer was cut off, run completed',
  does: 'Treats an invalid event as the end of the stream, and keeps the text before it as the answer.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents: async (ask) => stopAtGarbage(await ask()),
    handleCutStream: (begun, output) =>
      ({ ...begun, output, status: 'completed' }) as NonNullable<typeof begun>,
  }),
} satisfies Defect

async function* stopAtGarbage(events: AsyncIterable<ResponseStreamEvent>) {
  try {
    yield* events
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error
  }
}
