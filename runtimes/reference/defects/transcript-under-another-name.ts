import type { Defect } from '../defect.ts'
import { USER } from '../handoff/conversation.ts'
import { soundHandoffs } from '../parts/handoffs.ts'

export default {
  name: 'transcript-under-another-name',
  scenario: 'handoff-cycles',
  breaks: 'transcript-complete',
  cause: 'author differs',
  does: 'Lists every message of the transcript under the name of the last agent.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    handoffs: {
      ...soundHandoffs,
      buildTranscript(conversation) {
        const messages = soundHandoffs.buildTranscript(conversation)
        const author = messages.at(-1)?.author ?? USER
        return messages.map((message) => (message.author === USER ? message : { ...message, author }))
      },
    },
  }),
} satisfies Defect
