import type { Defect } from '../defect.ts'

export default {
  name: 'results-in-the-transcript',
  scenario: 'handoff-cycles',
  breaks: 'transcript-complete',
  cause: 'text differs',
  does: 'Puts the results of tools into the transcript.',
  smallest: { conversations: 1, answers: 4 },
  edits: [
    {
      file: 'handoff/conversation.ts',
      find: "items.map((item) => ({ author, text: readMessageText(item) })).filter(({ text }) => text !== ''),",
      replace:
        "items.map((item) => ({ author, text: item.type === 'function_call_output' ? String(item.output) : readMessageText(item) })).filter(({ text }) => text !== ''),",
    },
  ],
} satisfies Defect
