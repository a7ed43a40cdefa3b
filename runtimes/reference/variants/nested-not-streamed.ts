import type { Variant } from '../variant.ts'

export default {
  name: 'nested-not-streamed',
  does: 'Never streams the answers of an agent that runs as a tool.',
  source: 'https://openai.github.io/openai-agents-js/guides/tools/ (agents as tools run without a stream)',
  parts: () => ({ buildNestedOptions: (options) => ({ ...options, stream: false }) }),
} satisfies Variant
