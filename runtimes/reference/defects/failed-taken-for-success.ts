import type { Defect } from '../defect.ts'

export default {
  name: 'failed-taken-for-success',
  scenario: 'stream-errors',
  breaks: 'truncation-is-failure',
  cause: 'last answer failed, run completed',
  does: 'Treats an answer that ended with response.failed as complete.',
  source: 'https://github.com/openai/openai-agents-python/issues/3106',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ acceptAnswer: (response) => ({ ...response, status: 'completed' }) }),
} satisfies Defect
