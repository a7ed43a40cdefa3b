import type { Defect } from '../../../../runtimes/reference/defect.ts'

export default {
  name: 'changes-nothing',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run failed',
  does: 'Claims to leave spans open, and is as sound as the runtime itself.',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({}),
} satisfies Defect
