import type { JsonObject } from '../../json.ts'
import {
  OUTPUT_TEXT,
  onAnnotation,
  onContentPartAdded,
  onContentPartDone,
  REASONING_TEXT,
  REFUSAL,
} from './content-parts.ts'
import { onOwnDelta, onOwnDone } from './deltas.ts'
import { advance, fits, onPartialImage } from './item-events.ts'
import { itemOf, onAdded, onDone } from './items.ts'
import { mustRun, onCreated, onInProgress, onQueued } from './lifecycle.ts'
import { onPartDelta, onPartTold, type PartKind } from './parts.ts'
import { PATTERNS } from './patterns.ts'
import { onSummaryPartAdded, onSummaryPartDone, SUMMARY_TEXT } from './reasoning.ts'
import { COMMAND, onCommandAdded, onCommandDone, onOutputDelta, onOutputDone } from './shell.ts'
import type { Item, StreamState } from './state.ts'
import { afterError, onError, onTerminal } from './terminal.ts'

type Handler = (state: StreamState, data: JsonObject, type: string) => void
type ItemHandler = (state: StreamState, item: Item, data: JsonObject, type: string) => void

/** The handler of each known stream event. Other event types are unknown to the grammar. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['response.created', unlessError(onCreated)],
  ['response.queued', unlessError(onQueued)],
  ['response.in_progress', unlessError(onInProgress)],
  ['response.completed', running(onTerminal)],
  ['response.incomplete', running(onTerminal)],
  ['response.failed', failing(onTerminal)],
  ['error', unlessError(onError)],
  ['response.output_item.added', running(onAdded)],
  ['response.output_item.done', running(onDone)],
  ['response.content_part.added', ofItem(undefined, onContentPartAdded)],
  ['response.content_part.done', ofItem(undefined, onContentPartDone)],
  ['response.output_text.annotation.added', ofItem('message', onAnnotation)],
  ...textEvents('output_text', OUTPUT_TEXT),
  ...textEvents('refusal', REFUSAL),
  ...textEvents('reasoning_text', REASONING_TEXT),
  ...textEvents('reasoning_summary_text', SUMMARY_TEXT),
  ['response.reasoning_summary_part.added', ofItem('reasoning', onSummaryPartAdded)],
  ['response.reasoning_summary_part.done', ofItem('reasoning', onSummaryPartDone)],
  ...textEvents('shell_call_command', COMMAND),
  ['response.shell_call_command.added', ofItem('shell_call', onCommandAdded)],
  ['response.shell_call_command.done', ofItem('shell_call', onCommandDone)],
  ['response.shell_call_output_content.delta', ofItem('shell_call_output', onOutputDelta)],
  ['response.shell_call_output_content.done', ofItem('shell_call_output', onOutputDone)],
  ...[...PATTERNS.keys()].flatMap(patternEvents),
])

/** Returns a handler for an event that may come only while the stream runs. */
function running(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase === 'error') return afterError(state, type)
    if (state.phase !== 'running') mustRun(state, type)
    handler(state, data, type)
  }
}

function unlessError(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase === 'error') afterError(state, type)
    else handler(state, data, type)
  }
}

/** Returns a handler for response.failed, which may also follow an error event. */
function failing(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase !== 'running' && state.phase !== 'error') mustRun(state, type)
    handler(state, data, type)
  }
}

/** Returns a handler for an event of an open item. If `itemType` is given, the item must have that type. */
function ofItem(itemType: string | undefined, handler: ItemHandler): Handler {
  return running((state, data, type) => {
    const item = itemOf(state, data, type)
    if (item === undefined || (itemType !== undefined && !fits(state, item, itemType, type))) return
    handler(state, item, data, type)
  })
}

function textEvents(name: string, kind: PartKind): [string, Handler][] {
  return [
    [
      `response.${name}.delta`,
      ofItem(kind.item, (state, item, data, type) => onPartDelta(state, item, data, kind, type)),
    ],
    [
      `response.${name}.done`,
      ofItem(kind.item, (state, item, data, type) => onPartTold(state, item, data, kind, type)),
    ],
  ]
}

function patternEvents(itemType: string): [string, Handler][] {
  return (PATTERNS.get(itemType) ?? []).flatMap(({ events }, at) =>
    events.map((event): [string, Handler] => {
      const act = actOf(event)
      const handler: ItemHandler = (state, item, data, type) => {
        if (item.added === undefined || advance(state, item, at, type)) act?.(state, item, data, type)
      }
      return [`response.${event}`, ofItem(itemType, handler)]
    }),
  )
}

function actOf(event: string): ItemHandler | undefined {
  if (event.endsWith('.partial_image')) return onPartialImage
  if (event.endsWith('.delta')) return onOwnDelta
  return event.endsWith('.done') ? onOwnDone : undefined
}
