import type { Defect } from '../defect.ts'

export default {
  name: 'tool-span-missing',
  scenario: 'stream-errors',
  breaks: 'spans-counted',
  cause: 'too few execute_tool spans, run completed',
  does: 'Starts no span for a tool call.',
  source: 'https://github.com/alibaba/loongsuite-python-agent/pull/184',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    startSpan: (tracer, name, options, above) =>
      name.startsWith('execute_tool') ? undefined : tracer.startSpan(name, options, above),
  }),
} satisfies Defect
