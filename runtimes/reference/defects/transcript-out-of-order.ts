import type { Defect } from '../defect.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'transcript-out-of-order',
  scenario: 'handoff-cycles',
  breaks: 'transcript-complete',
  cause: 'text differs',
  does: 'Sorts the transcript by agent instead of by time.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 4 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      buildTranscript(conversation) {
        const messages = soundHandoffs.buildTranscript(conversation)
        return [...Map.groupBy(messages, ({ author }) => author).values()].flat()
      },
    },
  }),
} satisfies Defect
