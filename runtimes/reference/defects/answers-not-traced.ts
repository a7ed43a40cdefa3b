import type { Defect } from '../defect.ts'

export default {
  name: 'answers-not-traced',
  scenario: 'instrumentation-toggles',
  breaks: 'sensitive-spans-hold-content',
  cause: 'the answer missing',
  does: 'Records what was sent to the model, and not what the model answered.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    formatOutputMessages: () => '[]',
  }),
} satisfies Defect
