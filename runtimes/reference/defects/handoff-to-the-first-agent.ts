import type { Defect } from '../defect.ts'

export default {
  name: 'handoff-to-the-first-agent',
  scenario: 'handoff-cycles',
  breaks: 'handoff-reaches-its-target',
  cause: 'another agent than the target',
  does: 'Hands the conversation to the first agent that the active agent may hand off to.',
  smallest: { conversations: 1, answers: 3 },
  edits: [
    {
      file: 'handoff/handoff-workflow.ts',
      find: 'return this.#parts.chooseTarget(handoff, this.#definition.handoffs.get(agent) ?? [])',
      replace: 'return this.#definition.handoffs.get(agent)?.[0]',
    },
  ],
} satisfies Defect
