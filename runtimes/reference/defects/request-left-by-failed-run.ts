import type { Defect } from '../defect.ts'

export default {
  name: 'request-left-by-failed-run',
  scenario: 'stream-errors',
  breaks: 'nothing-left-open',
  cause: 'request left open by a run that failed',
  does: 'Leaves the open request running when a hook fails the stream.',
  source: 'https://github.com/tombii/better-ccflare/pull/360 (a connection is leaked)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    releaseSource: async (source, ending) =>
      ending.kind === 'failed' ? undefined : source.return(undefined),
  }),
} satisfies Defect
