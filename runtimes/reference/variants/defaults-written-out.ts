import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'defaults-written-out',
  does: 'Sends defaults of the API with each request: parallel_tool_calls, tool_choice, truncation and metadata.',
  source: 'https://platform.openai.com/docs/api-reference/responses/create (the defaults of these fields)',
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return {
        ...{ parallel_tool_calls: true, tool_choice: 'auto', truncation: 'disabled', metadata: {} },
        ...body,
      }
    },
  }),
} satisfies Variant
