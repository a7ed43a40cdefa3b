import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'response-of-the-shared-client',
  scenario: 'concurrency',
  breaks: 'healthy-run-completes',
  cause: 'run failed',
  does: 'Keeps the id of the last response on the client. After a tool call, a run continues that response, even if it belongs to another conversation.',
  source: 'https://github.com/veryfront/veryfront-code/issues/2336',
  smallest: { conversations: 2, answers: 4 },
  parts() {
    let last: string | undefined
    return {
      acceptAnswer(response) {
        last = response.id
        return soundParts.acceptAnswer(response)
      },
      buildRequest(run) {
        const body = soundParts.buildRequest(run)
        const continues =
          'previous_response_id' in body && body.input.some(({ type }) => type === 'function_call_output')
        return continues && last !== undefined ? { ...body, previous_response_id: last } : body
      },
    }
  },
} satisfies Defect
