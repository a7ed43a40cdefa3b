import type { Defect } from '../defect.ts'

export default {
  name: 'before-run-each-request',
  scenario: 'stream-errors',
  breaks: 'before-run-once',
  cause: 'before_run fired twice',
  does: 'Calls beforeRun before each request of a run.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ chooseProviders: (providers) => providers }),
} satisfies Defect
