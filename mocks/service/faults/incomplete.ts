import type { ResponseStreamEvent } from 'openai/resources/responses/responses'
import type { HostedOutputItem } from '../compose/hosted-items.ts'
import { buildPart, type OutputItem } from '../compose/items.ts'
import { buildEndedResponse, readTerminalResponse, type WireResponse } from '../compose/response.ts'
import { countUsage } from '../compose/usage.ts'
import { closeHosted, joinDeltas } from './close-hosted.ts'

/**
 * Returns a composed stream that stops after `at` events because a limit was reached (SERVICE-FACTS 9). The open item
 * is closed; messages and calls get status incomplete. `response.incomplete` with the reason ends the stream.
 */
export function cutStreamAt(
  events: readonly ResponseStreamEvent[],
  at: number,
  reason: string,
): ResponseStreamEvent[] {
  const kept = events.slice(0, findModelPlace(events, at))
  const output: OutputItem[] = []
  for (const event of kept)
    if (event.type === 'response.output_item.done') output.push(event.item as OutputItem)
  const last = findOpenItem(kept)
  if (last !== undefined) output.push(closeOpenItem(last, kept))
  const response = buildIncompleteResponse(readTerminalResponse(events), output, reason)
  kept.push({ type: 'response.incomplete', response, sequence_number: kept.length })
  return kept
}

/** Returns the place of a cut, or a later one if the model does not write there: the service lists the tools of a server. */
function findModelPlace(events: readonly ResponseStreamEvent[], at: number): number {
  const open = findOpenItem(events.slice(0, at))
  if (open === undefined || !HOSTED_WITHOUT_STATUS.has(open.item.type)) return at
  const ended = events.findIndex((event, place) => place >= at && event.type === 'response.output_item.done')
  return ended + 1
}

/** Items that the service makes by itself and that cannot be incomplete. */
const HOSTED_WITHOUT_STATUS: ReadonlySet<string> = new Set([
  'mcp_list_tools',
  'mcp_approval_request',
  'compaction',
])

function buildIncompleteResponse(
  completed: WireResponse,
  output: OutputItem[],
  reason: string,
): WireResponse {
  const usage = completed.usage
  const input = {
    tokens: usage?.input_tokens ?? 0,
    cached: usage?.input_tokens_details.cached_tokens ?? 0,
  }
  return buildEndedResponse(completed, {
    status: 'incomplete',
    completed_at: null,
    incomplete_details: { reason: reason as 'max_output_tokens' | 'content_filter' },
    output,
    usage: countUsage(output, input),
  })
}

interface OpenItem {
  item: OutputItem
  output_index: number
  /** The events of the item, from `added` on. */
  from: number
}

function findOpenItem(events: readonly ResponseStreamEvent[]): OpenItem | undefined {
  for (let at = events.length - 1; at >= 0; at--) {
    const event = events[at]
    if (event?.type === 'response.output_item.done') return undefined
    if (event?.type === 'response.output_item.added')
      return { item: event.item as OutputItem, output_index: event.output_index, from: at }
  }
  return undefined
}

/** Adds the events that close the open item. Returns the closed item. */
function closeOpenItem(open: OpenItem, events: ResponseStreamEvent[]): OutputItem {
  const { output_index } = open
  const own = events.slice(open.from)
  const close = (CLOSERS as Partial<Record<string, Close<OutputItem['type']>>>)[open.item.type]
  const item = close
    ? close(open.item, own, events, output_index)
    : closeHosted(open.item as HostedOutputItem, own, events, output_index)
  events.push({ type: 'response.output_item.done', item, output_index, sequence_number: events.length })
  return item
}

type Close<Kind extends OutputItem['type']> = (
  item: Extract<OutputItem, { type: Kind }>,
  own: readonly ResponseStreamEvent[],
  events: ResponseStreamEvent[],
  output_index: number,
) => OutputItem

const closeMessage: Close<'message'> = (item, own, events, output_index) => {
  const opened = own.findLastIndex((event) => event.type === 'response.content_part.added')
  const added = own[opened]
  if (added?.type !== 'response.content_part.added') return { ...item, status: 'incomplete', content: [] }
  // The parts before the last one are done.
  const before = own
    .slice(0, opened)
    .flatMap((event) => (event.type === 'response.content_part.done' ? [event.part] : []))
  const last = own.slice(opened)
  const at = { content_index: added.content_index, item_id: item.id, output_index }
  const text = joinDeltas(last)
  const refused = added.part.type === 'refusal'
  if (!last.some(({ type }) => type === 'response.output_text.done' || type === 'response.refusal.done')) {
    const sequence_number = events.length
    events.push(
      refused
        ? { type: 'response.refusal.done', ...at, refusal: text, sequence_number }
        : {
            type: 'response.output_text.done',
            content_index: added.content_index,
            item_id: item.id,
            logprobs: [],
            output_index,
            sequence_number,
            text,
          },
    )
  }
  const part = buildPart({ type: refused ? 'refusal' : 'text', text })
  if (!last.some(({ type }) => type === 'response.content_part.done'))
    events.push({ type: 'response.content_part.done', ...at, part, sequence_number: events.length })
  return { ...item, status: 'incomplete', content: [...(before as (typeof part)[]), part] }
}

const closeCall: Close<'function_call'> = (item, own, events, output_index) => {
  const text = joinDeltas(own)
  if (!own.some(({ type }) => type === 'response.function_call_arguments.done'))
    events.push({
      type: 'response.function_call_arguments.done',
      arguments: text,
      item_id: item.id ?? '',
      output_index,
      sequence_number: events.length,
    })
  return { ...item, status: 'incomplete', arguments: text }
}

const closeReasoning: Close<'reasoning'> = (item, own, events, output_index) => {
  const opened = own.findLastIndex(({ type }) => type === 'response.reasoning_summary_part.added')
  const summary = own.flatMap((event) =>
    event.type === 'response.reasoning_summary_part.done'
      ? [event.part as { type: 'summary_text'; text: string }]
      : [],
  )
  const last = own.slice(opened)
  if (opened >= 0 && !last.some(({ type }) => type === 'response.reasoning_summary_part.done')) {
    const at = { item_id: item.id, output_index }
    const summary_index = summary.length
    const text = joinDeltas(last)
    if (!last.some(({ type }) => type === 'response.reasoning_summary_text.done'))
      events.push({
        type: 'response.reasoning_summary_text.done',
        ...at,
        sequence_number: events.length,
        summary_index,
        text,
      })
    const part = { type: 'summary_text' as const, text }
    summary.push(part)
    events.push({
      type: 'response.reasoning_summary_part.done',
      ...at,
      part,
      sequence_number: events.length,
      summary_index,
    })
  }
  return { ...item, summary }
}

type PlainKind = Exclude<OutputItem, HostedOutputItem>['type']

const CLOSERS: { readonly [Kind in PlainKind]: Close<Kind> } = {
  message: closeMessage,
  function_call: closeCall,
  reasoning: closeReasoning,
}
