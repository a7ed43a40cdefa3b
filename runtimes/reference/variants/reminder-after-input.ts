import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'reminder-after-input',
  does: "Puts a reminder in the user's role after the input of each request, and does not keep it.",
  source: 'https://docs.claude.com/en/docs/claude-code (a system reminder follows what the user said)',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return { ...body, input: [...body.input, { role: 'user', content: 'Remember to be brief.' }] }
    },
  }),
} satisfies Variant
