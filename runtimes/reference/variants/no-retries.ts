import type { Variant } from '../variant.ts'

export default {
  name: 'no-retries',
  does: 'Sends each request once, and fails the run if the service is busy.',
  source: 'openai-node 7.55: `maxRetries: 0` switches retries off.',
  declares: { retries: { most: 0, docs: 'A request is never repeated.' } },
  edits: [
    { file: 'adapter.ts', find: "    logLevel: 'off',", replace: "    logLevel: 'off',\n    maxRetries: 0," },
  ],
} satisfies Variant
