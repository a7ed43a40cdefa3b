import type { Defect } from '../defect.ts'

export default {
  name: 'listener-left',
  scenario: 'stream-errors',
  breaks: 'nothing-left-open',
  cause: 'listener left open by runs',
  does: 'Adds a process exit listener for each run, and never removes it.',
  source: 'https://github.com/langchain-ai/langgraphjs/issues/1014',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents(ask) {
      process.on('beforeExit', () => {})
      return ask()
    },
  }),
} satisfies Defect
