import type { Defect } from '../defect.ts'

export default {
  name: 'history-cut',
  scenario: 'stream-errors',
  breaks: 'no-context-loss',
  cause: 'user message lost',
  does: 'Sends only the last message, without the earlier turns.',
  source: 'https://github.com/microsoft/agent-framework/issues/4053 (its second bug)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ recallState: (state) => ({ ...state, unsent: [] }) }),
} satisfies Defect
