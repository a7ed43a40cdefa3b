import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { Defect } from '../defect.ts'

export default {
  name: 'arguments-cut-short',
  scenario: 'stream-errors',
  breaks: 'only-complete-calls-run',
  cause: 'no complete call',
  does: 'Completes the cut-off arguments of a call in a broken stream, and runs the tool.',
  source: 'https://github.com/earendil-works/pi/issues/9897',
  smallest: { conversations: 1, answers: 1 },
  parts: () => ({ openEvents: async (ask, { signal }) => completeCutCall(await ask(), signal) }),
} satisfies Defect

async function* completeCutCall(
  events: AsyncIterable<ResponseStreamEvent>,
  signal: AbortSignal,
): AsyncGenerator<ResponseStreamEvent> {
  let begun: ResponseStreamEvent | undefined
  let added: ResponseStreamEvent | undefined
  let args = ''
  let broken: unknown
  try {
    for await (const event of events) {
      if (event.type === 'response.created') begun = event
      if (event.type === 'response.output_item.added') [added, args] = [event, '']
      if (event.type === 'response.output_item.done') added = undefined
      if (event.type === 'response.function_call_arguments.delta') args += event.delta
      yield event
    }
  } catch (error) {
    broken = error
  }
  const call = added?.type === 'response.output_item.added' && added.item.type === 'function_call'
  if (broken !== undefined && (signal.aborted || !call)) throw broken
  if (begun?.type !== 'response.created' || added?.type !== 'response.output_item.added') return
  if (added.item.type !== 'function_call' || !args.startsWith('{')) return
  const item = { ...added.item, arguments: completeJson(args), status: 'completed' as const }
  yield { ...added, type: 'response.output_item.done', item }
  yield {
    ...begun,
    type: 'response.completed',
    response: { ...begun.response, status: 'completed', output: [item] },
  }
}

/** Returns cut-off arguments as complete JSON. */
function completeJson(args: string): string {
  for (const rest of ['', '}', '"}', '""}', ':""}', '":""}'])
    try {
      return JSON.stringify(JSON.parse(`${args}${rest}`))
    } catch {
      // The next ending may complete the JSON.
    }
  return '{}'
}
