import type { Defect } from '../defect.ts'

export default {
  name: 'abort-listeners-left',
  scenario: 'sessions',
  breaks: 'nothing-grows',
  cause: 'runs kept',
  does: 'Leaves a listener on the signal of the caller with each run.',
  source: 'https://github.com/langchain-ai/langgraphjs/issues/1014',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ stopListening: () => {} }),
} satisfies Defect
