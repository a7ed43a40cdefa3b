import type { Defect } from '../defect.ts'

export default {
  name: 'traced-text-cut',
  scenario: 'instrumentation-toggles',
  breaks: 'sensitive-spans-hold-content',
  cause: 'the user message missing',
  does: 'Cuts every text in a span to 20 characters.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'telemetry/messages.ts',
      find: "if (typeof content === 'string') return [{ type: 'text', content }]",
      replace: "if (typeof content === 'string') return [{ type: 'text', content: content.slice(0, 20) }]",
    },
  ],
} satisfies Defect
