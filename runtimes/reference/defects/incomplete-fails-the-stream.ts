import type { Defect } from '../defect.ts'

export default {
  name: 'incomplete-fails-the-stream',
  scenario: 'stream-errors',
  breaks: 'streaming-is-transparent',
  cause: 'status, failed if streamed and incomplete if not',
  does: 'A streamed answer that ends incomplete fails the run as a cut stream.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'chat.ts',
      find: "    event.type === 'response.incomplete' ||\n",
      replace: '',
    },
  ],
} satisfies Defect
