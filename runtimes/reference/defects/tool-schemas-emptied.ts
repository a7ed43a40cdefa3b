import type { Defect } from '../defect.ts'

export default {
  name: 'tool-schemas-emptied',
  scenario: 'handoff-cycles',
  breaks: 'request-as-configured',
  cause: 'tool schema',
  does: 'Offers a tool without the properties of its schema.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    offerTools: (tools) =>
      tools.map((tool) => ({ ...tool, parameters: { type: 'object', properties: {}, required: [] } })),
  }),
} satisfies Defect
