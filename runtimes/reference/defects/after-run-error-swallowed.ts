import type { Defect } from '../defect.ts'

export default {
  name: 'after-run-error-swallowed',
  scenario: 'stream-errors',
  breaks: 'hook-errors-surface',
  does: 'Ignores what an afterRun hook throws.',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({ callAfterRun: (call) => call().catch(() => {}) }),
} satisfies Defect
