import { readUsage } from '../agent-response.ts'
import type { Defect } from '../defect.ts'

export default {
  name: 'usage-of-last-answer',
  scenario: 'sessions',
  breaks: 'delivery-is-faithful',
  cause: 'tokens of the outcome',
  does: 'Reports only the tokens of the last answer as the tokens of the run.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184 (token counts of a run are lost)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ countUsage: (total, response) => void Object.assign(total, readUsage(response)) }),
} satisfies Defect
