import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'response-id-of-another-run',
  scenario: 'concurrency',
  breaks: 'spans-carry-own-data',
  cause: 'response of another run',
  does: 'Keeps the last response id on the agent, and puts it on the span of any run that ends.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 1 },
  parts() {
    let last: string | undefined
    return {
      readUpdate(event) {
        if (event.type === 'response.created') last = event.response.id
        return soundParts.readUpdate(event)
      },
      buildResponseAttributes: (response) => ({
        ...soundParts.buildResponseAttributes(response),
        'gen_ai.response.id': last ?? response.id,
      }),
    }
  },
} satisfies Defect
