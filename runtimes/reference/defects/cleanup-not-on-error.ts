import type { Defect } from '../defect.ts'

export default {
  name: 'cleanup-not-on-error',
  scenario: 'stream-errors',
  breaks: 'cleanup-once',
  cause: 'cleanup missing, run failed',
  does: 'Calls no cleanup hook for a stream that failed.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ chooseCleanupHooks: (hooks, ending) => (ending.kind === 'failed' ? [] : hooks) }),
} satisfies Defect
