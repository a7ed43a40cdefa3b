import type { Defect } from '../defect.ts'

export default {
  name: 'incomplete-traced-as-stop',
  scenario: 'stream-errors',
  breaks: 'finish-reasons-are-true',
  cause: 'chat span, answer is incomplete',
  does: 'Traces an answer that ended incomplete as one that stopped.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'telemetry/messages.ts',
      find: "return incomplete?.reason === 'content_filter' ? 'content_filter' : 'length'",
      replace: "return incomplete?.reason === 'content_filter' ? 'content_filter' : 'stop'",
    },
  ],
} satisfies Defect
