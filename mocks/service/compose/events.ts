import type {
  ResponseFunctionToolCall,
  ResponseOutputMessage,
  ResponseOutputText,
  ResponseReasoningItem,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses'
import type { Random } from '../random.ts'
import type { EventSink } from './event-sink.ts'
import { addHostedEvents, emptyHostedItem } from './hosted-events.ts'
import type { OutputItem } from './items.ts'
import { ARGUMENT_SIZES, SUMMARY_SIZES, splitIntoDeltas, TEXT_SIZES } from './pieces.ts'

/**
 * Adds the events of one item, from `output_item.added` to `output_item.done`, in the recorded order (GRAMMAR, per-item
 * event patterns). The fields have the recorded order: `type` first, the others by name.
 */
export function addItemEvents(item: OutputItem, output_index: number, sink: EventSink): void {
  const { events } = sink
  events.push({
    type: 'response.output_item.added',
    item: emptyItem(item),
    output_index,
    sequence_number: events.length,
  })
  switch (item.type) {
    case 'message':
      addMessageEvents(item, output_index, sink)
      break
    case 'function_call':
      addCallEvents(item, output_index, sink)
      break
    case 'reasoning':
      addReasoningEvents(item, output_index, sink)
      break
    default:
      addHostedEvents(item, output_index, sink)
  }
  events.push({ type: 'response.output_item.done', item, output_index, sequence_number: events.length })
}

/** Returns the item as it is added: in progress and empty (GRAMMAR R18a, R19). */
function emptyItem(item: OutputItem): OutputItem {
  switch (item.type) {
    case 'message':
      return { ...item, status: 'in_progress', content: [] }
    case 'function_call':
      return { ...item, status: 'in_progress', arguments: '' }
    case 'reasoning':
      return { ...item, summary: [] }
    default:
      return emptyHostedItem(item)
  }
}

function addMessageEvents(item: ResponseOutputMessage, output_index: number, sink: EventSink): void {
  for (const [content_index, part] of item.content.entries())
    addPartEvents(part, { content_index, item_id: item.id, output_index }, sink)
}

/** The place of a part of a message in a stream. */
interface PartPlace {
  content_index: number
  item_id: string
  output_index: number
}

function addPartEvents(part: ResponseOutputMessage['content'][number], at: PartPlace, sink: EventSink): void {
  const { events, pad } = sink
  const { content_index, item_id, output_index } = at
  if (part.type === 'refusal') {
    const empty = { type: 'refusal' as const, refusal: '' }
    events.push({ type: 'response.content_part.added', ...at, part: empty, sequence_number: events.length })
    for (const delta of splitIntoDeltas(part.refusal, TEXT_SIZES, sink.cutBy(part.refusal)))
      events.push({
        type: 'response.refusal.delta',
        content_index,
        delta,
        item_id,
        output_index,
        sequence_number: events.length,
      })
    events.push({
      type: 'response.refusal.done',
      ...at,
      refusal: part.refusal,
      sequence_number: events.length,
    })
  } else addTextEvents(part, at, sink, pad)
  events.push({ type: 'response.content_part.done', ...at, part, sequence_number: events.length })
}

function addTextEvents(
  part: ResponseOutputText,
  at: PartPlace,
  sink: EventSink,
  pad: EventSink['pad'],
): void {
  const { events } = sink
  const { content_index, item_id, output_index } = at
  events.push({
    type: 'response.content_part.added',
    ...at,
    part: { type: 'output_text', annotations: [], logprobs: [], text: '' },
    sequence_number: events.length,
  })
  const all: NonNullable<ResponseOutputText['logprobs']> = []
  for (const delta of splitIntoDeltas(part.text, TEXT_SIZES, sink.cutBy(part.text))) {
    const logprobs = sink.logprobs ? [buildLogprob(delta, sink.random)] : []
    all.push(...logprobs)
    const sequence_number = events.length
    events.push(
      pad === undefined
        ? {
            type: 'response.output_text.delta',
            content_index,
            delta,
            item_id,
            logprobs,
            output_index,
            sequence_number,
          }
        : allowObfuscation({
            type: 'response.output_text.delta',
            content_index,
            delta,
            item_id,
            logprobs,
            obfuscation: pad(delta),
            output_index,
            sequence_number,
          }),
    )
  }
  if (sink.logprobs) part.logprobs = all
  events.push({
    type: 'response.output_text.done',
    content_index,
    item_id,
    logprobs: all,
    output_index,
    sequence_number: events.length,
    text: part.text,
  })
}

function buildLogprob(token: string, random: Random) {
  return {
    token,
    bytes: [...new TextEncoder().encode(token)],
    logprob: -random.below(4_000_000) / 1_000_000,
    top_logprobs: [],
  }
}

function addCallEvents(item: ResponseFunctionToolCall, output_index: number, sink: EventSink): void {
  const { events, pad } = sink
  const item_id = item.id ?? ''
  for (const delta of splitIntoDeltas(item.arguments, ARGUMENT_SIZES, sink.cutBy(item.arguments))) {
    const type = 'response.function_call_arguments.delta'
    const sequence_number = events.length
    events.push(
      pad === undefined
        ? { type, delta, item_id, output_index, sequence_number }
        : allowObfuscation({ type, delta, item_id, obfuscation: pad(delta), output_index, sequence_number }),
    )
  }
  events.push({
    type: 'response.function_call_arguments.done',
    arguments: item.arguments,
    item_id,
    output_index,
    sequence_number: events.length,
  })
}

function addReasoningEvents(item: ResponseReasoningItem, output_index: number, sink: EventSink): void {
  const { events, pad } = sink
  const item_id = item.id
  for (const [summary_index, part] of item.summary.entries()) {
    events.push({
      type: 'response.reasoning_summary_part.added',
      item_id,
      output_index,
      part: { type: 'summary_text', text: '' },
      sequence_number: events.length,
      summary_index,
    })
    for (const delta of splitIntoDeltas(part.text, SUMMARY_SIZES, sink.cutBy(part.text))) {
      const type = 'response.reasoning_summary_text.delta'
      const sequence_number = events.length
      events.push(
        pad === undefined
          ? { type, delta, item_id, output_index, sequence_number, summary_index }
          : allowObfuscation({
              type,
              delta,
              item_id,
              obfuscation: pad(delta),
              output_index,
              sequence_number,
              summary_index,
            }),
      )
    }
    events.push({
      type: 'response.reasoning_summary_text.done',
      item_id,
      output_index,
      sequence_number: events.length,
      summary_index,
      text: part.text,
    })
    events.push({
      type: 'response.reasoning_summary_part.done',
      item_id,
      output_index,
      part,
      sequence_number: events.length,
      summary_index,
    })
  }
}

/** Returns a delta with its padding. The wire has it since August 2025, but no type of the SDK. */
function allowObfuscation<Event extends ResponseStreamEvent>(event: Event & { obfuscation: string }): Event {
  return event
}
