import type { Variant } from '../variant.ts'

export default {
  name: 'tool-errors-with-stack',
  does: 'Tells the model the stack of the error that a tool threw.',
  source: 'docs/oracle.md: no rule says how a runtime tells the model that a tool threw.',
  parts: () => ({
    formatFailure: (error) => (error instanceof Error ? (error.stack ?? error.message) : String(error)),
  }),
} satisfies Variant
