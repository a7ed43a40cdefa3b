import { AsyncLocalStorage } from 'node:async_hooks'
import type { Defect } from '../defect.ts'
import { endSpan } from '../telemetry/span.ts'

export default {
  name: 'telemetry-fails-the-run',
  scenario: 'instrumentation-toggles',
  breaks: 'telemetry-is-transparent',
  cause: 'outcome, telemetry on',
  does: 'Resets, at the end of a run, the context of its first pull, and fails if another context is active.',
  source: 'https://github.com/microsoft/agent-framework/issues/6866',
  smallest: { conversations: 1, answers: 1 },
  parts() {
    const current = new AsyncLocalStorage<object>()
    const begun = new WeakSet<object>()
    return {
      servePull(pull, stream) {
        if (!begun.has(stream)) current.enterWith(stream)
        begun.add(stream)
        return pull()
      },
      endSpan(span, ending, attributes, content) {
        endSpan(span, ending, attributes, content)
        if (current.getStore() === undefined) throw new Error('the token was created in another context')
      },
      runGuarded: (work) => work(),
    }
  },
} satisfies Defect
