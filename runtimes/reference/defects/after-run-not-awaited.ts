import type { Defect } from '../defect.ts'

export default {
  name: 'after-run-not-awaited',
  scenario: 'stream-errors',
  breaks: 'nothing-after-the-end',
  cause: 'the hook after_run, run completed',
  does: 'Ends a run without waiting for its afterRun hook.',
  source: 'https://github.com/ag-ui-protocol/ag-ui/issues/2417',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    async callAfterRun(call) {
      setImmediate(() => void call().catch(() => {}))
    },
  }),
} satisfies Defect
