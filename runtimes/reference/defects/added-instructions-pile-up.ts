import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'added-instructions-pile-up',
  scenario: 'concurrency',
  breaks: 'added-instructions-reach-their-run',
  cause: 'added instructions of another run',
  does: 'Keeps the instructions that context providers add, and sends them in all later runs of the agent, too.',
  smallest: { conversations: 2, answers: 0 },
  parts() {
    const added = new Set<string>()
    return {
      buildRequest(run) {
        for (const text of run.context.instructions) added.add(text)
        return soundParts.buildRequest({ ...run, context: { ...run.context, instructions: [...added] } })
      },
    }
  },
} satisfies Defect
