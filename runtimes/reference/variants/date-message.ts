import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'date-message',
  does: 'Puts a message of the developer with the date before the input of each request.',
  source: 'https://platform.openai.com/docs/guides/prompt-engineering (developer messages give context)',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return { ...body, input: [{ role: 'developer', content: 'Today is 2026-11-20.' }, ...body.input] }
    },
  }),
} satisfies Variant
