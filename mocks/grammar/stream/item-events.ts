import { type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { HOSTED_CALLS, PATTERNS, type Step } from './patterns.ts'
import { QUIRKS } from './quirks.ts'
import { type Item, reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  fits: {
    id: 'event-fits-item',
    statement: 'An event that belongs to one item type comes only for items of that type',
    source: 'GRAMMAR, per-item event patterns',
  },
  order: {
    id: 'item-events-ordered',
    statement: 'The events of an item come in the order of its type, and none comes too often',
    source: 'GRAMMAR R20, per-item event patterns',
  },
  whole: {
    id: 'item-events-whole',
    statement: 'An item is done after every event that its type requires',
    source: 'GRAMMAR, per-item event patterns',
  },
  images: {
    id: 'partial-image-index-counts',
    statement: 'partial_image_index counts 0, 1, 2, … in each image',
    source: 'API reference: response.image_generation_call.partial_image',
  },
} as const satisfies Record<string, Rule>

export const itemEventRules: readonly Rule[] = Object.values(RULES)

/**
 * Returns whether an event may come for an item of this type, and reports if not. If the beginning of the item is
 * unknown, every event may come.
 */
export function checkFits(state: StreamState, item: Item, types: string, event: string): boolean {
  if (item.type === types || item.added === undefined) return true
  reportBreach(state, RULES.fits, `found ${event} for a ${item.type}, expected one for a ${types}`)
  return false
}

/** Moves an item to step `to` of its pattern. If the event is out of order, reports that and returns false. */
export function advanceStep(state: StreamState, item: Item, to: number, event: string): boolean {
  const steps = PATTERNS.get(item.type) ?? []
  if (to === item.step && item.seen > 0) {
    if (steps[to]?.many) return true
    reportBreach(state, RULES.order, `found ${event} a second time`)
    return false
  }
  if (to < item.step) {
    if (event === 'response.mcp_call.in_progress' && item.step === 1) {
      reportQuirk(state, QUIRKS.repeatedProgress, `item ${item.id} is in_progress again`)
      return false
    }
    reportBreach(state, RULES.order, `found ${event} after ${steps[item.step]?.events.join(' or ')}`)
    return false
  }
  const missing = findMissingStep(item, steps, to)
  if (missing)
    reportBreach(state, RULES.order, `found ${event}, expected ${missing.events.join(' or ')} before it`)
  item.step = to
  item.seen = 1
  return true
}

/** The statuses of a hosted call that stopped before its last events. */
const STOPPED: ReadonlySet<unknown> = new Set(['failed', 'incomplete'])

export function checkPatternEnd(state: StreamState, item: Item, done: JsonObject): void {
  const steps = PATTERNS.get(item.type)
  if (!steps) return
  const missing = findMissingStep(item, steps, steps.length)
  if (!missing) return
  const event = missing.events.join(' or ')
  if (missing.mayMiss || (HOSTED_CALLS.has(item.type) && STOPPED.has(done['status']))) {
    reportQuirk(state, QUIRKS.hostedCallWithoutCompleted, `item ${item.id} is done without ${event}`)
  } else reportBreach(state, RULES.whole, `item ${item.id} is done, expected ${event} before`)
}

/** Returns the first required step between the current step of an item and step `to`. */
function findMissingStep(item: Item, steps: readonly Step[], to: number): Step | undefined {
  for (let at = item.seen > 0 ? item.step + 1 : item.step; at < to; at++) {
    const step = steps[at]
    if (item.told && step?.events[0] === 'mcp_call_arguments.done') continue
    if (step && (step.least > 0 || (step.tells && item.text !== ''))) return step
  }
  return undefined
}

export function onPartialImage(state: StreamState, item: Item, data: JsonObject): void {
  const index = data['partial_image_index']
  if (index !== item.images && (item.added || item.images > 0)) {
    reportBreach(
      state,
      RULES.images,
      `found partial_image_index ${toShortJson(index)}, expected ${item.images}`,
    )
  }
  item.images = (typeof index === 'number' ? index : item.images) + 1
}
