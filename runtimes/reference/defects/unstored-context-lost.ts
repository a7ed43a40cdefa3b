import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'unstored-context-lost',
  scenario: 'sessions',
  breaks: 'next-turn-accepted',
  cause: 'outputs-have-calls',
  does: 'Sends only the tool outputs, as if the service had stored the items before them.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      const from = body.input.findLastIndex(({ type }) => type === 'function_call') + 1
      return run.store ? body : { ...body, input: body.input.slice(from) }
    },
  }),
} satisfies Defect
