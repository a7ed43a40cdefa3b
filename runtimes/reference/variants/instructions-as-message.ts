import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'instructions-as-message',
  does: 'Sends the instructions of the agent as a message of the developer at the start of the input.',
  source: 'https://platform.openai.com/docs/guides/text (instructions are like a developer message)',
  parts: () => ({
    buildRequest(run) {
      const { instructions, ...body } = soundParts.buildRequest(run)
      const input = [{ role: 'developer' as const, content: instructions }, ...body.input]
      return { ...body, input } as ReturnType<typeof soundParts.buildRequest>
    },
  }),
} satisfies Variant
