import type { Defect } from '../defect.ts'

export default {
  name: 'cleanup-twice',
  scenario: 'stream-errors',
  breaks: 'cleanup-once',
  cause: 'cleanup fired twice, run failed',
  does: 'Calls the cleanup hooks when a stream fails, and again when it ends.',
  source: 'https://github.com/microsoft/agent-framework/issues/5231',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    chooseCleanupHooks: (hooks, ending) => (ending.kind === 'failed' ? [...hooks, ...hooks] : hooks),
  }),
} satisfies Defect
