import type { Defect } from '../defect.ts'

export default {
  name: 'items-delivered-twice',
  scenario: 'stream-errors',
  breaks: 'delivery-is-faithful',
  cause: 'item delivered twice',
  does: 'Delivers every item of a streamed answer twice.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'chat.ts',
      find: `if (update !== undefined) yield parts.prepareUpdate(run, update)
`,
      replace: `if (update !== undefined) yield parts.prepareUpdate(run, update)
    if (update?.type === 'item') yield parts.prepareUpdate(run, update)
`,
    },
  ],
} satisfies Defect
