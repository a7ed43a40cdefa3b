import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'
import type { SessionState } from '../session.ts'

export default {
  name: 'memory-shared',
  scenario: 'concurrency',
  breaks: 'no-foreign-context',
  does: 'Starts each run from what the agent remembers of the run before it, whoever had that.',
  source: 'https://github.com/veryfront/veryfront-code/issues/2336',
  smallest: { conversations: 2, answers: 2 },
  parts() {
    let last: SessionState | undefined
    return {
      recalled: (state) => last ?? state,
      remembered(memory, ending) {
        last = soundParts.remembered(memory, ending)
        return last
      },
    }
  },
} satisfies Defect
