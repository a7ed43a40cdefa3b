import type { Defect } from '../defect.ts'

export default {
  name: 'spans-left-open-on-return',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'chat span, consumer returned',
  does: 'Leaves the request span open if a stream is stopped between two updates.',
  source:
    'https://github.com/open-telemetry/opentelemetry-python-genai/issues/491 (a consumer who walks away)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    releaseSource: async (source, ending) =>
      ending.kind === 'stopped' ? undefined : source.return(undefined),
  }),
} satisfies Defect
