import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'added-instructions-once',
  scenario: 'sessions',
  breaks: 'added-instructions-reach-their-run',
  cause: 'added instructions missing in a later request',
  does: 'Sends the instructions of context providers only with the first request of a run.',
  smallest: { conversations: 1, answers: 1 },
  parts() {
    const told = new WeakSet<object>()
    return {
      buildRequest(run) {
        const body = soundParts.buildRequest(run)
        if (!told.has(run.context)) {
          told.add(run.context)
          return body
        }
        return { ...body, instructions: run.definition.instructions }
      },
    }
  },
} satisfies Defect
