import type { Defect } from '../defect.ts'
import type { Item } from '../items.ts'
import { soundParts } from '../parts.ts'

export default {
  name: 'late-result-kept',
  scenario: 'sessions',
  breaks: 'late-results-go-nowhere',
  cause: 'late result in a request',
  does: 'Sends the call and the result of a tool in later runs of the session, also if the tool returned after its stopped run had ended.',
  source: 'https://github.com/openclaw/openclaw/issues/65223 (new runs can see old tool results)',
  smallest: { conversations: 1, answers: 2 },
  parts() {
    const kept = new WeakMap<object, Item[]>()
    return {
      async invokeTool(tool, args, invocation) {
        const value = await soundParts.invokeTool(tool, args, invocation)
        const { session } = invocation.run.context
        if (!invocation.signal.aborted || session === undefined) return value
        const { callId: call_id } = invocation
        kept.set(session, [
          { type: 'function_call', call_id, name: tool.name, arguments: JSON.stringify(args) },
          {
            type: 'function_call_output',
            call_id,
            output: typeof value === 'string' ? value : JSON.stringify(value),
          },
        ])
        return value
      },
      buildRequest(run) {
        const body = soundParts.buildRequest(run)
        const late = kept.get(run.context.session ?? run)
        return late === undefined ? body : { ...body, input: [...late, ...body.input] }
      },
    }
  },
} satisfies Defect
