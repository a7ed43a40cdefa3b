import type { Defect } from '../defect.ts'

export default {
  name: 'dropped-run-not-closed',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run dropped',
  does: 'Closes the team without its runs: what a consumer dropped stays open.',
  source:
    'https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (spans leaked when a consumer stops reading)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ closeTeam: async () => {} }),
} satisfies Defect
