import type { Defect } from '../defect.ts'

export default {
  name: 'listener-left',
  scenario: 'stream-errors',
  breaks: 'nothing-left-open',
  does: 'Has each run listen for the end of the process, and never takes the listener away.',
  source: 'https://github.com/langchain-ai/langgraphjs/issues/1014',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    events(ask) {
      process.on('beforeExit', () => {})
      return ask()
    },
  }),
} satisfies Defect
