import { soundParts } from '../parts.ts'
import type { FunctionTool } from '../tools.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'turned-away-calls-traced',
  does: 'Turns away a call beside a handoff with an error, and gives the call a span all the same.',
  source:
    'https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/ (execute_tool: a failed call has a span, too)',
  parts: () => ({
    executeCalls: (calls, execute, run) => {
      const handsOff = calls.some(({ name }) => run.tools.get(name)?.handoffTo !== undefined)
      const turnAway = () => Promise.reject(new Error('Not run, because of the handoff.'))
      if (!handsOff) return soundParts.executeCalls(calls, execute, run)
      const tools = run.tools as Map<string, FunctionTool>
      for (const [name, tool] of run.tools)
        if (tool.handoffTo === undefined) tools.set(name, { ...tool, invoke: turnAway })
      return soundParts.executeCalls(calls, execute, run)
    },
  }),
} satisfies Variant
