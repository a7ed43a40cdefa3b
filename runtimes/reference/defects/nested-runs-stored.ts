import type { Defect } from '../defect.ts'

export default {
  name: 'nested-runs-stored',
  scenario: 'concurrency',
  breaks: 'request-as-configured',
  cause: 'store false',
  does: 'Forgets `store: false` for an agent that is used as a tool.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ buildNestedOptions: (options) => ({ ...options, store: true }) }),
} satisfies Defect
