import type { Defect } from '../defect.ts'

export default {
  name: 'nested-run-not-stopped',
  scenario: 'stream-errors',
  breaks: 'stop-reaches-upstream',
  cause: 'request open after abort',
  does: 'Does not tell tools that the run was stopped, so an agent that runs as a tool continues.',
  source: 'https://github.com/mastra-ai/mastra/issues/24271',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    invokeTool: (tool, args, invocation) =>
      tool.invoke(args, { ...invocation, signal: new AbortController().signal }),
  }),
} satisfies Defect
