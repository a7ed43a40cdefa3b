import type { Defect } from '../defect.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'late-tool-error-unhandled',
  scenario: 'stream-errors',
  breaks: 'process-survives',
  cause: 'unhandled rejection: Error',
  does: 'Waits for a tool that goes on after its run was stopped, but not for its error.',
  source: 'https://nodejs.org/api/process.html#event-unhandledrejection',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    invokeTool(tool, args, invocation) {
      const { signal } = invocation
      const work = Promise.resolve(soundParts.invokeTool(tool, args, invocation))
      const watch = () => void work.then(() => {})
      const unwatch = () => signal.removeEventListener('abort', watch)
      signal.addEventListener('abort', watch, { once: true })
      work.then(unwatch, unwatch)
      return work
    },
  }),
} satisfies Defect
