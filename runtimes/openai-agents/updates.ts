import type { RunStreamEvent } from '@openai/agents'
import type { Update } from '../../harness/contract/run-outcome.ts'

/** Returns the events of a stream as updates. Each iterator call, including `return()`, is passed on to the SDK's iterator. */
export function readUpdates(stream: Promise<AsyncIterable<RunStreamEvent>>): AsyncIterable<Update> {
  return {
    [Symbol.asyncIterator]() {
      let events: AsyncIterator<RunStreamEvent> | undefined
      const open = async () => {
        events ??= (await stream)[Symbol.asyncIterator]()
        return events
      }
      return {
        async next() {
          const { done, value } = await (await open()).next()
          return done ? { done, value: undefined } : { done: false, value: buildUpdate(value) }
        },
        async return() {
          await (await open()).return?.()
          return { done: true, value: undefined }
        },
      }
    },
  }
}

function buildUpdate(event: RunStreamEvent): Update {
  if (event.type === 'raw_model_stream_event' && event.data.type === 'output_text_delta')
    return { kind: 'text', text: event.data.delta }
  if (event.type !== 'run_item_stream_event') return { kind: 'other', type: event.type }
  const { type, rawItem } = event.item
  const id = rawItem !== undefined && 'id' in rawItem ? rawItem.id : undefined
  return { kind: 'item', type, ...(typeof id === 'string' ? { id } : {}) }
}
