import { isObject, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { findDifferingKey } from './equal.ts'
import { QUIRKS } from './quirks.ts'
import { reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  createdFirst: {
    id: 'created-first',
    statement: 'A stream that is not resumed begins with response.created',
    source: 'GRAMMAR R06',
  },
  createdOnce: {
    id: 'created-once',
    statement: 'response.created comes once',
    source: 'GRAMMAR R08',
  },
  openingOrder: {
    id: 'opening-order',
    statement:
      'After response.created comes response.queued at most once, then response.in_progress, then all other events',
    source: 'GRAMMAR R07; background streams: SERVICE-FACTS 7',
  },
  inProgressOnce: {
    id: 'in-progress-once',
    statement: 'response.in_progress comes once',
    source: 'GRAMMAR R09',
  },
  responseObject: {
    id: 'response-object',
    statement: 'A lifecycle event carries the response as an object with an id',
    source: 'API reference: response.created, response.in_progress, response.completed',
  },
  responseId: {
    id: 'response-id-constant',
    statement: 'response.id is the same in all lifecycle events',
    source: 'GRAMMAR R10',
  },
  status: {
    id: 'opening-status',
    statement:
      'response.status is in_progress or queued in response.created, queued in response.queued, in_progress in response.in_progress',
    source: 'GRAMMAR R11a, R11d; SERVICE-FACTS 7',
  },
  outputEmpty: {
    id: 'opening-output-empty',
    statement: 'The opening events show output []',
    source: 'GRAMMAR R11b',
  },
  usageNull: {
    id: 'opening-usage-null',
    statement: 'The opening events show usage null',
    source: 'GRAMMAR R11c',
  },
  completedAtNull: {
    id: 'opening-completed-at-null',
    statement: 'completed_at is null or absent in the opening events',
    source: 'GRAMMAR G52',
  },
  repeats: {
    id: 'opening-repeats-created',
    statement:
      'response.queued and response.in_progress repeat the response of response.created. Only a queued status may change',
    source: 'GRAMMAR R11d',
  },
} as const satisfies Record<string, Rule>

export const lifecycleRules: readonly Rule[] = Object.values(RULES)

export function onCreated(state: StreamState, data: JsonObject): void {
  if (state.phase !== 'start') {
    reportBreach(state, RULES.createdOnce, 'found a second response.created')
    return
  }
  state.phase = 'created'
  const response = readResponse(state, data)
  if (!response) return
  state.response = response
  if (response['status'] !== 'in_progress' && response['status'] !== 'queued') {
    reportBreach(
      state,
      RULES.status,
      `found status ${toShortJson(response['status'])}, expected in_progress or queued`,
    )
  }
  checkOpening(state, response)
}

export function onQueued(state: StreamState, data: JsonObject): void {
  if (!checkCreated(state)) return
  if (state.phase !== 'created' && state.phase !== 'start') {
    reportBreach(
      state,
      RULES.openingOrder,
      'found response.queued, expected it once, right after response.created',
    )
    return
  }
  state.phase = 'queued'
  checkRepeatedResponse(state, data, 'queued')
}

export function onInProgress(state: StreamState, data: JsonObject): void {
  if (!checkCreated(state)) return
  if (state.phase === 'running') {
    reportBreach(state, RULES.inProgressOnce, 'found response.in_progress in a running stream')
    return
  }
  if (state.phase === 'created' && state.response?.['status'] === 'queued') {
    reportBreach(
      state,
      RULES.openingOrder,
      'found response.in_progress, a queued response shows response.queued first',
    )
  }
  state.phase = 'running'
  checkRepeatedResponse(state, data, 'in_progress')
}

/**
 * Reports an event that comes before the opening of the stream is complete. Afterwards the opening counts as complete,
 * so that the breach is reported once.
 */
export function requireOpening(state: StreamState, type: string): void {
  const resumedHere = state.phase === 'start' && state.resumed
  if (checkCreated(state, type) && !resumedHere) {
    reportBreach(state, RULES.openingOrder, `found ${type}, expected response.in_progress before it`)
  }
  state.phase = 'running'
}

/** Handles an error event before response.created. An error event may come at any place. */
export function noteEarlyError(state: StreamState): void {
  if (state.phase === 'running' || state.phase === 'error' || state.resumed) return
  reportQuirk(state, QUIRKS.errorEventFirst, 'found error before response.in_progress')
}

/** Returns whether the stream began with response.created. If not, reports that once. */
function checkCreated(state: StreamState, type = 'another event'): boolean {
  if (state.phase !== 'start' || state.resumed) return true
  reportBreach(state, RULES.createdFirst, `found ${type} first, expected response.created`)
  state.phase = 'running'
  return false
}

function checkRepeatedResponse(state: StreamState, data: JsonObject, status: string): void {
  const response = readResponse(state, data)
  if (!response) return
  if (response['status'] !== status) {
    reportBreach(state, RULES.status, `found status ${toShortJson(response['status'])}, expected ${status}`)
  }
  checkOpening(state, response)
  if (!state.response) {
    state.response = response
    return
  }
  if (!checkResponseId(state, response)) return
  const key = findDifferingKey(state.response, response, isStatus)
  if (key === undefined) return
  reportBreach(
    state,
    RULES.repeats,
    `found ${key} ${toShortJson(response[key])}, response.created said ${toShortJson(state.response[key])}`,
  )
}

function isStatus(key: string): boolean {
  return key === 'status'
}

function checkOpening(state: StreamState, response: JsonObject): void {
  const output = response['output']
  if (!Array.isArray(output) || output.length > 0) {
    reportBreach(state, RULES.outputEmpty, `found output ${toShortJson(output)}, expected []`)
  }
  if (response['usage'] != null) {
    reportBreach(state, RULES.usageNull, `found usage ${toShortJson(response['usage'])}, expected null`)
  }
  if (response['completed_at'] != null) {
    reportBreach(
      state,
      RULES.completedAtNull,
      `found ${toShortJson(response['completed_at'])}, expected null`,
    )
  }
}

/** Returns the response of a lifecycle event. If there is none, reports that and returns undefined. */
export function readResponse(state: StreamState, data: JsonObject): JsonObject | undefined {
  const response = data['response']
  if (isObject(response) && typeof response['id'] === 'string') return response
  reportBreach(
    state,
    RULES.responseObject,
    `found response ${toShortJson(response)}, expected an object with an id`,
  )
  return undefined
}

/** Returns whether a response has the id of the first response in the stream, and reports if not. */
export function checkResponseId(state: StreamState, response: JsonObject): boolean {
  const first = state.response?.['id']
  if (first === undefined || first === response['id']) return true
  reportBreach(
    state,
    RULES.responseId,
    `found response.id ${toShortJson(response['id'])}, expected ${toShortJson(first)}`,
  )
  return false
}
