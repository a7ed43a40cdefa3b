import { AsyncLocalStorage } from 'node:async_hooks'
import type { Defect } from '../defect.ts'

export default {
  name: 'context-left-entered',
  scenario: 'stream-errors',
  breaks: 'consumer-context-untouched',
  cause: 'async context changed',
  does: 'Enters its own async context in each pull, and never leaves it.',
  source: 'https://github.com/microsoft/agent-framework/issues/7767',
  smallest: { conversations: 1, answers: 0 },
  parts() {
    const current = new AsyncLocalStorage<object>()
    return {
      servePull(pull, stream) {
        current.enterWith(stream)
        return pull()
      },
    }
  },
} satisfies Defect
