import type { Variant } from '../variant.ts'

export default {
  name: 'whole-history',
  does: 'Sends all items again in each request, also where a chain of responses would do.',
  source: 'https://platform.openai.com/docs/guides/conversation-state (manually manage conversation state)',
  edits: [
    {
      file: 'memory.ts',
      find: "return KINDS[store ? kind : 'history']({ state, asked })",
      replace: "return KINDS[store && kind !== 'previous-response' ? kind : 'history']({ state, asked })",
    },
  ],
} satisfies Variant
