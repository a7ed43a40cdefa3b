import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'environment-before-input',
  does: "Puts a message in the user's role that describes the environment before the input of each request.",
  source: 'https://github.com/openai/codex (environment_context is a message of the user)',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return { ...body, input: [{ role: 'user', content: 'The shell is bash.' }, ...body.input] }
    },
  }),
} satisfies Variant
