import type { Defect } from '../defect.ts'

export default {
  name: 'call-arguments-lost',
  scenario: 'stream-errors',
  breaks: 'no-altered-context',
  cause: 'call altered',
  does: 'Carries each call with empty arguments.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'memory.ts',
      find: 'items.push(...removeTrailingReasoning(output))',
      replace:
        "items.push(...removeTrailingReasoning(output).map((item) => (item.type === 'function_call' ? { ...item, arguments: '{}' } : item)))",
    },
  ],
} satisfies Defect
