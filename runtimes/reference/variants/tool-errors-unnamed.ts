import type { Variant } from '../variant.ts'

export default {
  name: 'tool-errors-unnamed',
  does: 'Tells the model that a tool failed, and not with which error.',
  source: 'docs/oracle.md: no rule says how a runtime tells the model that a tool threw.',
  parts: () => ({ formatFailure: () => 'An error occurred while running the tool. Please try again.' }),
} satisfies Variant
