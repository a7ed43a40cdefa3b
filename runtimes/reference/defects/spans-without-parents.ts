import type { Defect } from '../defect.ts'

export default {
  name: 'spans-without-parents',
  scenario: 'stream-errors',
  breaks: 'one-span-tree-per-run',
  cause: 'react span is a second root',
  does: 'Makes each span a root, because no context is passed on.',
  source: 'https://github.com/open-telemetry/opentelemetry-python-genai/issues/513',
  smallest: { conversations: 1, answers: 0 },
  parts: () => ({
    startSpan: (tracer, name, options) => tracer.startSpan(name, { ...options, root: true }),
  }),
} satisfies Defect
