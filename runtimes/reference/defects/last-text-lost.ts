import type { Defect } from '../defect.ts'

export default {
  name: 'last-text-lost',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'end of the text not delivered',
  does: 'Holds each piece of text back until the next one, and forgets the last piece.',
  smallest: { conversations: 1, answers: 1 },
  edits: [
    {
      file: 'chat.ts',
      find: `  let last: Response | undefined
`,
      replace: `  let last: Response | undefined
  let held: AgentResponseUpdate | undefined
`,
    },
    {
      file: 'chat.ts',
      find: `if (update !== undefined) yield parts.prepareUpdate(run, update)
`,
      replace: `if (update?.type === 'text') {
      if (held !== undefined) yield parts.prepareUpdate(run, held)
      held = update
    } else if (update !== undefined) yield parts.prepareUpdate(run, update)
`,
    },
  ],
} satisfies Defect
