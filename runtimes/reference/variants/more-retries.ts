import type { Variant } from '../variant.ts'

export default {
  name: 'more-retries',
  does: 'Repeats a request up to five times if the service is busy for a moment.',
  source: 'openai-node 7.55: `maxRetries` can be any number.',
  declares: { retries: { most: 5, docs: 'The client repeats a request up to five times.' } },
  edits: [
    { file: 'adapter.ts', find: "    logLevel: 'off',", replace: "    logLevel: 'off',\n    maxRetries: 5," },
  ],
} satisfies Variant
