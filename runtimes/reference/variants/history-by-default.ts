import type { Variant } from '../variant.ts'

export default {
  name: 'history-by-default',
  does: 'Keeps the conversation itself if its user has not chosen a kind of session.',
  source: 'https://openai.github.io/openai-agents-python/sessions/ (a session holds the items on the client)',
  edits: [
    {
      file: 'session.ts',
      find: "constructor(memory: MemoryKind = 'previous-response')",
      replace: "constructor(memory: MemoryKind = 'history')",
    },
    {
      file: 'handoff/workflow-session.ts',
      find: "constructor(memory: MemoryKind = 'previous-response')",
      replace: "constructor(memory: MemoryKind = 'history')",
    },
  ],
} satisfies Variant
