import { isObject, type JsonObject, toShortJson } from '../json.ts'
import { contentPartRules } from './stream/content-parts.ts'
import { deltaRules } from './stream/deltas.ts'
import { echoRules } from './stream/echo.ts'
import { HANDLERS } from './stream/events.ts'
import { itemEventRules } from './stream/item-events.ts'
import { itemRules } from './stream/items.ts'
import { lifecycleRules } from './stream/lifecycle.ts'
import { partRules } from './stream/parts.ts'
import { QUIRKS, streamQuirks } from './stream/quirks.ts'
import { reasoningRules } from './stream/reasoning.ts'
import { checkSequence, sequenceRules } from './stream/sequence.ts'
import { shellRules } from './stream/shell.ts'
import {
  createState,
  reportBreach,
  reportQuirk,
  type StreamOptions,
  type StreamState,
} from './stream/state.ts'
import { checkEnd, reportAfterTerminal, terminalRules } from './stream/terminal.ts'
import { toolCallRules } from './stream/tool-calls.ts'
import type { Breach, Findings, Rule, StreamEvent } from './types.ts'

export type { StreamOptions } from './stream/state.ts'
export { streamQuirks }

const RULES = {
  object: {
    id: 'event-is-object',
    statement: 'The data of every event is a JSON object',
    source: 'GRAMMAR R00',
  },
  type: {
    id: 'event-has-type',
    statement: 'Every event has a type',
    source: 'GRAMMAR R00b',
  },
  name: {
    id: 'event-name-is-type',
    statement: 'The event: name of a frame is the type in its data',
    source: 'GRAMMAR R01',
  },
} as const satisfies Record<string, Rule>

/** All rules of a legal stream. */
export const streamRules: readonly Rule[] = [
  ...Object.values(RULES),
  ...sequenceRules,
  ...lifecycleRules,
  ...itemRules,
  ...itemEventRules,
  ...deltaRules,
  ...partRules,
  ...contentPartRules,
  ...reasoningRules,
  ...toolCallRules,
  ...shellRules,
  ...terminalRules,
  ...echoRules,
]

/** Checks a stream event by event. */
export interface StreamChecker {
  /** Takes the next event. Returns the breaches that this event shows. */
  push(event: StreamEvent): readonly Breach[]
  /**
   * Ends the stream. Returns the breaches that only the end shows. Do not call it if the client left early. Do not push
   * after it.
   */
  end(): readonly Breach[]
  /** All breaches and quirks so far. */
  findings(): Findings
}

const NONE: readonly Breach[] = []

export function createStreamChecker(options: StreamOptions = {}): StreamChecker {
  const state = createState(options)
  const since = (before: number) => (state.breaches.length === before ? NONE : state.breaches.slice(before))
  return {
    push(event) {
      const before = state.breaches.length
      state.at++
      takeEvent(state, event)
      return since(before)
    },
    end() {
      const before = state.breaches.length
      checkEnd(state)
      return since(before)
    },
    findings: () => ({ breaches: state.breaches, quirks: [...state.quirks.values()] }),
  }
}

/**
 * Returns the rules that a whole stream breaks, in order of appearance, and its quirks. Pure; passes over the events
 * once.
 */
export function checkStream(events: readonly StreamEvent[], options: StreamOptions = {}): Findings {
  const checker = createStreamChecker(options)
  for (const event of events) checker.push(event)
  checker.end()
  return checker.findings()
}

function takeEvent(state: StreamState, event: StreamEvent): void {
  const { data } = event
  if (!isObject(data)) {
    takeNonObject(state, data)
    return
  }
  const type = data['type']
  if (typeof type !== 'string') {
    reportBreach(state, RULES.type, `found type ${toShortJson(type)}, expected a string`)
    return
  }
  if (event.event !== undefined && event.event !== type) {
    reportBreach(
      state,
      RULES.name,
      `found event: ${toShortJson(event.event)}, the type is ${toShortJson(type)}`,
    )
  }
  checkSequence(state, data)
  handleEvent(state, data, type)
}

function handleEvent(state: StreamState, data: JsonObject, type: string): void {
  if (state.phase === 'over' || state.sentinel) {
    reportAfterTerminal(state, type)
    return
  }
  const handler = HANDLERS.get(type)
  if (handler) handler(state, data, type)
  else reportQuirk(state, QUIRKS.unknownEvent, `found ${type}`)
}

/** Checks data that is not a JSON object. Only [DONE] after the end is allowed, as a quirk. */
function takeNonObject(state: StreamState, data: unknown): void {
  const over = state.phase === 'over' || state.phase === 'error'
  if (data !== '[DONE]' || !over) {
    reportBreach(state, RULES.object, `found data ${toShortJson(data)}, expected a JSON object`)
    return
  }
  if (state.sentinel) {
    reportAfterTerminal(state, '[DONE]')
    return
  }
  state.sentinel = true
  reportQuirk(state, QUIRKS.doneSentinel, 'the stream is closed by [DONE]')
}
