import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'spans-ended-by-close',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run aborted',
  does: 'Ends the spans of stopped operations only when the team is closed.',
  source:
    'https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (spans leaked when a consumer stops reading)',
  smallest: { conversations: 1, answers: 0 },
  parts() {
    const left: (() => void)[] = []
    return {
      endSpan(...end) {
        const [, ending] = end
        if (ending.kind === 'stopped') left.push(() => endSpan(...end))
        else endSpan(...end)
      },
      async closeTeam(cancelRuns) {
        await cancelRuns()
        for (const end of left) end()
      },
    }
  },
} satisfies Defect
