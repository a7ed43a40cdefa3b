import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'store-never-sent',
  scenario: 'sessions',
  breaks: 'request-as-configured',
  cause: 'store false',
  does: 'Leaves `store` to the default of the service, so that answers are stored that must not be.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    buildRequest(run) {
      const { store: _, ...body } = soundParts.buildRequest(run)
      return body as ReturnType<typeof soundParts.buildRequest>
    },
  }),
} satisfies Defect
