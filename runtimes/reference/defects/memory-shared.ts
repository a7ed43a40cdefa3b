import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'
import type { SessionState } from '../session.ts'

export default {
  name: 'memory-shared',
  scenario: 'concurrency',
  breaks: 'no-foreign-context',
  cause: 'text of another conversation',
  does: 'Starts each run with the memory of the previous run, even if that run belongs to another conversation.',
  source: 'https://github.com/veryfront/veryfront-code/issues/2336',
  smallest: { conversations: 2, answers: 2 },
  parts() {
    let last: SessionState | undefined
    return {
      recallState: (state) => last ?? state,
      rememberState(memory, ending) {
        last = soundParts.rememberState(memory, ending)
        return last
      },
    }
  },
} satisfies Defect
