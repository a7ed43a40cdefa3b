import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'settings-lost-by-nested-agents',
  scenario: 'concurrency',
  breaks: 'request-as-configured',
  cause: 'setting',
  does: 'Drops the model parameters of an agent that is used as a tool.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildRequest(run) {
      const body: Record<string, unknown> = { ...soundParts.buildRequest(run) }
      if (run.context.parent) for (const key of Object.keys(run.definition.settings ?? {})) delete body[key]
      return body as ReturnType<typeof soundParts.buildRequest>
    },
  }),
} satisfies Defect
