import type { Defect } from '../defect.ts'

export default {
  name: 'before-run-late',
  scenario: 'stream-errors',
  breaks: 'before-run-once',
  cause: 'before_run too late',
  does: 'Calls beforeRun only when a tool result is sent, which is after the first request.',
  source: 'https://github.com/openai/openai-agents-python/pull/1015',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ chooseProviders: (providers, request) => (request === 1 ? providers : []) }),
} satisfies Defect
