import type { Defect } from './defect.ts'

export default {
  name: 'history-cut',
  breaks: 'no-context-loss',
  does: 'Sends the last message alone, without the turns before it.',
  parts: () => ({ recalled: (state) => ({ ...state, unsent: [] }) }),
} satisfies Defect
