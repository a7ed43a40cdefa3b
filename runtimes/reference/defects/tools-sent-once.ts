import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'tools-sent-once',
  scenario: 'sessions',
  breaks: 'request-as-configured',
  cause: 'tool missing',
  does: 'Sends the tools of an agent only with the first request of a chain of responses.',
  source: 'https://platform.openai.com/docs/api-reference/responses/create (tools, for each request)',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    buildRequest(run) {
      const body = soundParts.buildRequest(run)
      return body.previous_response_id === undefined ? body : { ...body, tools: [] }
    },
  }),
} satisfies Defect
