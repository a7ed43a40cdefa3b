import type { AsyncLocalStorage } from 'node:async_hooks'
import { type Context, context, trace } from '@opentelemetry/api'
import type { Defect } from '../defect.ts'

export default {
  name: 'run-span-made-active',
  scenario: 'stream-errors',
  breaks: 'caller-span-kept',
  cause: 'active span changed',
  does: 'Leaves the span of the run active in the context of the consumer.',
  source: 'https://github.com/microsoft/agent-framework/issues/6866',
  smallest: { conversations: 1, answers: 0 },
  parts() {
    let opened: Context | undefined
    return {
      startSpan(tracer, name, options, above) {
        const span = tracer.startSpan(name, options, above)
        opened ??= trace.setSpan(above, span)
        return span
      },
      servePull(pull) {
        if (opened !== undefined) enterContext(opened)
        return pull()
      },
    }
  },
} satisfies Defect

/** Enters the storage of the context manager for good. The API does not offer this, but real instrumentations do it. */
function enterContext(active: Context): void {
  const manager: object = Reflect.apply(Reflect.get(context, '_getContextManager'), context, [])
  const storage: AsyncLocalStorage<Context> | undefined = Reflect.get(manager, '_asyncLocalStorage')
  storage?.enterWith(active)
}
