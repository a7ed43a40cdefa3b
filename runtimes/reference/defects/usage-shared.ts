import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'usage-shared',
  scenario: 'concurrency',
  breaks: 'spans-carry-own-data',
  cause: 'tokens of an invoke_agent span',
  does: 'Adds up the tokens of all runs of an agent in one counter.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 1 },
  parts() {
    const total = soundParts.createUsage()
    return { createUsage: () => total }
  },
} satisfies Defect
