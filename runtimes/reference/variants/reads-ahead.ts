import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Ask } from '../parts/answers.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'reads-ahead',
  does: 'Reads the events of a stream as they come, before its consumer asks for them.',
  source:
    'https://openai.github.io/openai-agents-python/streaming/ (a queue between the model and the consumer)',
  parts: () => ({ openEvents: async (ask, run) => readAhead(ask, run.signal) }),
} satisfies Variant

async function* readAhead(ask: Ask, signal: AbortSignal): AsyncGenerator<ResponseStreamEvent> {
  const control = new AbortController()
  const events = await ask({ signal: AbortSignal.any([signal, control.signal]) })
  const queue: ResponseStreamEvent[] = []
  let wake = () => {}
  let end: { error?: unknown } | undefined
  const reading = (async () => {
    for await (const event of events) {
      queue.push(event)
      wake()
    }
  })().then(
    () => {
      end = {}
      wake()
    },
    (error: unknown) => {
      end = { error }
      wake()
    },
  )
  try {
    for (;;) {
      const event = queue.shift()
      if (event) yield event
      else if (end !== undefined) break
      else
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    }
    if ('error' in end) throw end.error
  } finally {
    control.abort()
    await reading
  }
}
