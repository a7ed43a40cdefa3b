import type { Defect } from '../defect.ts'

export default {
  name: 'tool-descriptions-lost',
  scenario: 'sessions',
  breaks: 'tool-schemas-kept',
  cause: 'description lost',
  does: 'Offers tools to the model without their descriptions.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    offerTools: (tools) => tools.map(({ description: _, ...tool }) => tool),
  }),
} satisfies Defect
