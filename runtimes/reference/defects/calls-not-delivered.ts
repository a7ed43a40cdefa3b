import type { Defect } from '../defect.ts'

export default {
  name: 'calls-not-delivered',
  scenario: 'sessions',
  breaks: 'items-are-delivered',
  cause: 'function_call not delivered',
  does: 'Delivers the messages of a streamed answer as items, but not its calls.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'parts/answers.ts',
      find: `case 'response.output_item.done':
`,
      replace: `case 'response.output_item.done':
      if (event.item.type === 'function_call') return undefined
`,
    },
  ],
} satisfies Defect
