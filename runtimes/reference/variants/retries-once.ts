import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Ask } from '../parts/answers.ts'
import { soundParts } from '../parts.ts'
import type { Variant } from '../variant.ts'

export default {
  name: 'retries-once',
  does: 'Sends a streamed request without a conversation object once more if its stream broke before anything was delivered.',
  source:
    'https://github.com/openai/openai-agents-js (README of @openai/agents: a retry policy may repeat a stream that has not begun)',
  parts: () => ({
    // A conversation object may have taken in the input of the first attempt.
    openEvents: async (ask, _, request) =>
      request.conversation === undefined ? retryBeforeDelivery(ask) : ask(),
  }),
} satisfies Variant

async function* retryBeforeDelivery(ask: Ask): AsyncGenerator<ResponseStreamEvent> {
  const held: ResponseStreamEvent[] = []
  let hasDelivered = false
  try {
    for await (const event of await ask()) {
      hasDelivered ||= soundParts.readUpdate(event) !== undefined || isTerminal(event)
      if (!hasDelivered) {
        held.push(event)
        continue
      }
      yield* held.splice(0)
      yield event
    }
    if (hasDelivered) return
  } catch (error) {
    if (hasDelivered || isRefusal(error)) throw error
  }
  yield* await ask()
}

function isTerminal({ type }: ResponseStreamEvent): boolean {
  return type === 'response.completed' || type === 'response.incomplete' || type === 'response.failed'
}

/** Returns whether the service refused the request, or the run was stopped. */
function isRefusal(error: unknown): boolean {
  const { status, name } = error as { status?: unknown; name?: unknown }
  return typeof status === 'number' || name === 'AbortError' || name === 'APIUserAbortError'
}
