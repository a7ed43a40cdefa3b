import type { Defect } from '../defect.ts'

export default {
  name: 'first-agent-named',
  scenario: 'handoff-cycles',
  breaks: 'delivery-is-faithful',
  cause: 'agent of the outcome',
  does: 'Names the first agent of a workflow in the result, whichever agent answered last.',
  smallest: { conversations: 1, answers: 3 },
  edits: [
    {
      file: 'handoff/handoff-workflow.ts',
      find: 'return { status, text, agent, usage: turn.usage, transcript: messages }',
      replace:
        'return { status, text, agent: this.#definition.start, usage: turn.usage, transcript: messages }',
    },
  ],
} satisfies Defect
