import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'tools-sorted-and-more',
  does: 'Offers the tools in the order of their names, and one tool of its own.',
  source:
    'https://docs.langchain.com/oss/javascript/deepagents/overview (built-in tools beside those of the user)',
  parts: () => ({
    offerTools: (tools) =>
      [
        ...soundParts.offerTools(tools),
        {
          name: 'write_todos',
          description: 'Write down what is to be done.',
          parameters: { type: 'object', properties: {}, additionalProperties: false },
          invoke: () => 'written',
        },
      ].toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  }),
} satisfies Variant
