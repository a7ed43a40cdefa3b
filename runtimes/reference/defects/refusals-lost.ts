import type { Defect } from '../defect.ts'

export default {
  name: 'refusals-lost',
  scenario: 'sessions',
  breaks: 'delivery-is-faithful',
  cause: 'text of the outcome',
  does: 'Reports the text of an answer without its last character.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'items.ts',
      find: "return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('')",
      replace:
        "return item.content.map((part) => (part.type === 'output_text' ? part.text : part.refusal)).join('').slice(0, -1)",
    },
  ],
} satisfies Defect
