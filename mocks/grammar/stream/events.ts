import type { JsonObject } from '../../json.ts'
import {
  OUTPUT_TEXT,
  onAnnotation,
  onContentPartAdded,
  onContentPartDone,
  REASONING_TEXT,
  REFUSAL,
} from './content-parts.ts'
import { onItemDelta, onItemTextDone } from './deltas.ts'
import { advanceStep, checkFits, onPartialImage } from './item-events.ts'
import { findItem, onItemAdded, onItemDone } from './items.ts'
import { onCreated, onInProgress, onQueued, requireOpening } from './lifecycle.ts'
import { onPartDelta, onPartTextDone, type PartKind } from './parts.ts'
import { PATTERNS } from './patterns.ts'
import { onSummaryPartAdded, onSummaryPartDone, SUMMARY_TEXT } from './reasoning.ts'
import { COMMAND, onCommandAdded, onCommandDone, onOutputDelta, onOutputDone } from './shell.ts'
import type { Item, StreamState } from './state.ts'
import { onError, onTerminal, reportAfterError } from './terminal.ts'

type Handler = (state: StreamState, data: JsonObject, type: string) => void
type ItemHandler = (state: StreamState, item: Item, data: JsonObject, type: string) => void

/** The handler of each known stream event. Other event types are unknown to the grammar. */
export const HANDLERS: ReadonlyMap<string, Handler> = new Map<string, Handler>([
  ['response.created', unlessAfterError(onCreated)],
  ['response.queued', unlessAfterError(onQueued)],
  ['response.in_progress', unlessAfterError(onInProgress)],
  ['response.completed', whileRunning(onTerminal)],
  ['response.incomplete', whileRunning(onTerminal)],
  ['response.failed', whileRunningOrAfterError(onTerminal)],
  ['error', unlessAfterError(onError)],
  ['response.output_item.added', whileRunning(onItemAdded)],
  ['response.output_item.done', whileRunning(onItemDone)],
  ['response.content_part.added', forItem(undefined, onContentPartAdded)],
  ['response.content_part.done', forItem(undefined, onContentPartDone)],
  ['response.output_text.annotation.added', forItem('message', onAnnotation)],
  ...listTextHandlers('output_text', OUTPUT_TEXT),
  ...listTextHandlers('refusal', REFUSAL),
  ...listTextHandlers('reasoning_text', REASONING_TEXT),
  ...listTextHandlers('reasoning_summary_text', SUMMARY_TEXT),
  ['response.reasoning_summary_part.added', forItem('reasoning', onSummaryPartAdded)],
  ['response.reasoning_summary_part.done', forItem('reasoning', onSummaryPartDone)],
  ...listTextHandlers('shell_call_command', COMMAND),
  ['response.shell_call_command.added', forItem('shell_call', onCommandAdded)],
  ['response.shell_call_command.done', forItem('shell_call', onCommandDone)],
  ['response.shell_call_output_content.delta', forItem('shell_call_output', onOutputDelta)],
  ['response.shell_call_output_content.done', forItem('shell_call_output', onOutputDone)],
  ...[...PATTERNS.keys()].flatMap(listPatternHandlers),
])

/** Returns a handler for an event that may come only while the stream runs. */
function whileRunning(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase === 'error') return reportAfterError(state, type)
    if (state.phase !== 'running') requireOpening(state, type)
    handler(state, data, type)
  }
}

function unlessAfterError(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase === 'error') reportAfterError(state, type)
    else handler(state, data, type)
  }
}

/** Returns a handler for response.failed, which may also follow an error event. */
function whileRunningOrAfterError(handler: Handler): Handler {
  return (state, data, type) => {
    if (state.phase !== 'running' && state.phase !== 'error') requireOpening(state, type)
    handler(state, data, type)
  }
}

/** Returns a handler for an event of an open item. If `itemType` is given, the item must have that type. */
function forItem(itemType: string | undefined, handler: ItemHandler): Handler {
  return whileRunning((state, data, type) => {
    const item = findItem(state, data, type)
    if (item === undefined || (itemType !== undefined && !checkFits(state, item, itemType, type))) return
    handler(state, item, data, type)
  })
}

function listTextHandlers(name: string, kind: PartKind): [string, Handler][] {
  return [
    [
      `response.${name}.delta`,
      forItem(kind.item, (state, item, data, type) => onPartDelta(state, item, data, kind, type)),
    ],
    [
      `response.${name}.done`,
      forItem(kind.item, (state, item, data, type) => onPartTextDone(state, item, data, kind, type)),
    ],
  ]
}

function listPatternHandlers(itemType: string): [string, Handler][] {
  return (PATTERNS.get(itemType) ?? []).flatMap(({ events }, at) =>
    events.map((event): [string, Handler] => {
      const act = findItemHandler(event)
      const handler: ItemHandler = (state, item, data, type) => {
        if (item.added === undefined || advanceStep(state, item, at, type)) act?.(state, item, data, type)
      }
      return [`response.${event}`, forItem(itemType, handler)]
    }),
  )
}

function findItemHandler(event: string): ItemHandler | undefined {
  if (event.endsWith('.partial_image')) return onPartialImage
  if (event.endsWith('.delta')) return onItemDelta
  return event.endsWith('.done') ? onItemTextDone : undefined
}
