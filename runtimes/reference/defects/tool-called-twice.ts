import type { Defect } from '../defect.ts'

export default {
  name: 'tool-called-twice',
  scenario: 'sessions',
  breaks: 'only-complete-calls-run',
  cause: 'call run twice',
  does: 'Calls a tool again after it threw.',
  smallest: { conversations: 1, answers: 2 },
  parts: () => ({
    invokeTool: async (tool, args, invocation) => {
      try {
        return await tool.invoke(args, invocation)
      } catch (error) {
        if (invocation.signal.aborted) throw error
        return tool.invoke(args, invocation)
      }
    },
  }),
} satisfies Defect
