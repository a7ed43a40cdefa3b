import type { Defect } from '../defect.ts'
import { buildToolOutput } from '../items.ts'

export default {
  name: 'request-after-stop',
  scenario: 'stream-errors',
  breaks: 'stop-reaches-upstream',
  cause: 'request open after abort',
  does: 'Tells the model that a tool was stopped, and so sends a request after the stop.',
  source: 'https://github.com/mastra-ai/mastra/issues/24271',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    openEvents: (ask) => ask({ signal: null }),
    executeCalls: (calls, execute, run) =>
      Promise.all(
        calls.map((call) =>
          execute(call).catch((error: unknown) => {
            if (!run.signal.aborted) throw error
            return buildToolOutput(call, 'The tool was stopped.')
          }),
        ),
      ),
  }),
} satisfies Defect
