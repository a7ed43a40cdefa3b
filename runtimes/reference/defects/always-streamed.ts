import type { Defect } from '../defect.ts'

export default {
  name: 'always-streamed',
  scenario: 'sessions',
  breaks: 'request-as-configured',
  does: 'Streams the answers of every run, also of a run that must not stream.',
  smallest: { conversations: 1, answers: 0 },
  edits: [
    {
      file: 'chat.ts',
      find: 'yield* run.stream ? streamAnswer(run, body) : fetchAnswer(run, body)',
      replace: 'yield* streamAnswer(run, body)',
    },
  ],
} satisfies Defect
