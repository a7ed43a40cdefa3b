import type { Defect } from '../defect.ts'
import type { StepCall } from '../steps/step-call.ts'
import { soundStepParts } from '../steps/step-parts.ts'

export default {
  name: 'hooks-registered-by-each-call',
  scenario: 'concurrency',
  breaks: 'hooks-fire-once-each',
  cause: 'hook registered twice',
  does: 'Registers the hooks again for each call, so that overlapping calls fire all of them.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 2, answers: 1 },
  parts() {
    const numbers = new WeakMap<StepCall, number>()
    let calls = 0
    return {
      steps: {
        ...soundStepParts,
        chooseHookName(call) {
          const number = numbers.get(call) ?? calls++
          numbers.set(call, number)
          return `react-step-${number}`
        },
        mustRegister: () => true,
        mustRemove: () => true,
      },
    }
  },
} satisfies Defect
