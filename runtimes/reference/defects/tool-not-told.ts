import type { Defect } from '../defect.ts'

export default {
  name: 'tool-not-told',
  scenario: 'stream-errors',
  breaks: 'no-tool-outlives-its-run',
  cause: 'tool on after abort',
  does: 'Gives its tools a signal that never fires.',
  source: 'https://github.com/mastra-ai/mastra/issues/24271 (tool calls go on after the stop)',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({
    invokeTool: (tool, args, invocation) =>
      tool.invoke(args, { ...invocation, signal: new AbortController().signal }),
  }),
} satisfies Defect
