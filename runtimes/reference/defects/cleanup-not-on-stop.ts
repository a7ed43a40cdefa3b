import type { Defect } from '../defect.ts'

export default {
  name: 'cleanup-not-on-stop',
  scenario: 'stream-errors',
  breaks: 'cleanup-once',
  cause: 'cleanup missing, run aborted',
  does: 'Calls no cleanup hook if the consumer returns early or aborts.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ chooseCleanupHooks: (hooks, ending) => (ending.kind === 'stopped' ? [] : hooks) }),
} satisfies Defect
