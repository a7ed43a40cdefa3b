import { isObject, type Json, type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { checkConstantFields } from './echo.ts'
import { findDifferingKey } from './equal.ts'
import { checkResponseId, noteEarlyError, readResponse } from './lifecycle.ts'
import { QUIRKS } from './quirks.ts'
import { didBeginInside, type Item, reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  present: {
    id: 'terminal-present',
    statement:
      'A stream ends with exactly one of response.completed, response.incomplete and response.failed, or with an error event',
    source: 'GRAMMAR R03; error event: SERVICE-FACTS 6, API reference',
  },
  last: {
    id: 'terminal-last',
    statement: 'Nothing follows the terminal event. One [DONE] of a compatible server is allowed',
    source: 'GRAMMAR R04, R05',
  },
  status: {
    id: 'terminal-status',
    statement: 'response.status in the terminal event fits the name of the event',
    source: 'GRAMMAR R27',
  },
  usage: {
    id: 'terminal-usage',
    statement: 'response.completed and response.incomplete have usage, response.failed has usage null',
    source: 'SERVICE-FACTS 11; for response.completed also GRAMMAR R28a',
  },
  usageSum: {
    id: 'usage-adds-up',
    statement: 'usage.total_tokens is input_tokens plus output_tokens',
    source: 'GRAMMAR R29',
  },
  reason: {
    id: 'incomplete-reason',
    statement:
      'response.incomplete gives incomplete_details.reason: max_output_tokens, content_filter, max_messages or steered',
    source: 'GRAMMAR R28b, J69; SDK type Response.IncompleteDetails for the last two',
  },
  error: {
    id: 'failed-error',
    statement: 'response.failed gives error.code and error.message',
    source: 'GRAMMAR R28c; SERVICE-FACTS 6',
  },
  completedAt: {
    id: 'terminal-completed-at',
    statement:
      'completed_at is an integer in response.completed and null in the other terminal events. It may be absent',
    source: 'GRAMMAR G52; SERVICE-FACTS 8',
  },
  noError: {
    id: 'terminal-no-error',
    statement:
      'error is null unless the response failed. incomplete_details is null unless the response is incomplete',
    source: 'GRAMMAR G53; SERVICE-FACTS 6',
  },
  outputListed: {
    id: 'terminal-output-listed',
    statement: 'The terminal output lists the ids and types of the streamed items in their order',
    source: 'GRAMMAR R26a, R26c',
  },
  outputEqual: {
    id: 'terminal-output-equal',
    statement: 'Each item of the terminal output equals its output_item.done',
    source: 'GRAMMAR R26b',
  },
  itemsDone: {
    id: 'items-done',
    statement: 'Every added item is done before response.completed or response.incomplete',
    source: 'GRAMMAR R15, R15b',
  },
  itemStatus: {
    id: 'items-completed',
    statement:
      'No item of a completed response is incomplete. In an incomplete response only the last item may be incomplete',
    source: 'GRAMMAR R18b; SERVICE-FACTS 9',
  },
  errorFollowed: {
    id: 'error-then-failed',
    statement: 'Only response.failed, with the same code, follows an error event',
    source: 'SERVICE-FACTS 6: recorded 3 of 3',
  },
  errorShape: {
    id: 'error-shape',
    statement:
      'An error event has message, type, code and param under error, or at least a message at its top level',
    source: 'SERVICE-FACTS 6; SDK type ResponseErrorEvent',
  },
} as const satisfies Record<string, Rule>

export const terminalRules: readonly Rule[] = Object.values(RULES)

const REASONS: readonly unknown[] = ['max_output_tokens', 'content_filter', 'max_messages', 'steered']

export function onTerminal(state: StreamState, data: JsonObject, type: string): void {
  const status = type.slice('response.'.length)
  state.phase = 'over'
  const response = readResponse(state, data)
  if (!response) return
  checkStatus(state, response, status)
  checkUsage(state, response, status)
  checkEnding(state, response, status)
  checkItems(state, status)
  checkOutput(state, response, status)
  if (!checkResponseId(state, response) || !state.response) return
  checkConstantFields(state, state.response, response)
}

function checkStatus(state: StreamState, response: JsonObject, status: string): void {
  const found = response['status']
  if (found === status) return
  if (status === 'failed' && found === 'cancelled') {
    reportQuirk(state, QUIRKS.cancelledAsFailed, 'response.failed shows status cancelled')
    return
  }
  reportBreach(state, RULES.status, `found status ${toShortJson(found)}, expected ${status}`)
}

function checkUsage(state: StreamState, response: JsonObject, status: string): void {
  const usage = response['usage']
  if (status === 'failed') {
    if (usage != null) reportBreach(state, RULES.usage, `found usage ${toShortJson(usage)}, expected null`)
    return
  }
  if (!isObject(usage)) {
    reportBreach(state, RULES.usage, `found usage ${toShortJson(usage)}, expected an object`)
    return
  }
  const { input_tokens: input, output_tokens: output, total_tokens: total } = usage
  if (Number(input) + Number(output) === total) return
  reportBreach(
    state,
    RULES.usageSum,
    `found total_tokens ${toShortJson(total)}, expected ${toShortJson(input)} + ${toShortJson(output)}`,
  )
}

function checkEnding(state: StreamState, response: JsonObject, status: string): void {
  const { error, incomplete_details: details, completed_at: at } = response
  if (status === 'completed' ? at !== undefined && !Number.isInteger(at) : at != null) {
    const expected = status === 'completed' ? 'an integer' : 'null'
    reportBreach(state, RULES.completedAt, `found completed_at ${toShortJson(at)}, expected ${expected}`)
  }
  if (status === 'failed') checkError(state, response)
  else if (error != null)
    reportBreach(state, RULES.noError, `found error ${toShortJson(error)}, expected null`)
  if (status !== 'incomplete') {
    if (details != null) {
      reportBreach(state, RULES.noError, `found incomplete_details ${toShortJson(details)}, expected null`)
    }
  } else if (!isObject(details) || !REASONS.includes(details['reason'])) {
    reportBreach(
      state,
      RULES.reason,
      `found incomplete_details ${toShortJson(details)}, expected a known reason`,
    )
  }
}

function checkError(state: StreamState, { error, status }: JsonObject): void {
  if (status === 'cancelled' && error == null) return
  if (!isObject(error) || typeof error['code'] !== 'string' || typeof error['message'] !== 'string') {
    reportBreach(state, RULES.error, `found error ${toShortJson(error)}, expected code and message`)
    return
  }
  const code = state.errorEvent?.code
  if (typeof code === 'string' && code !== error['code']) {
    reportBreach(
      state,
      RULES.errorFollowed,
      `found code ${toShortJson(error['code'])}, the error event said ${toShortJson(code)}`,
    )
  }
}

function checkItems(state: StreamState, status: string): void {
  if (status === 'failed') return
  for (const item of state.open) {
    if (item.type === 'mcp_list_tools' && state.quirks.has(QUIRKS.interleavedItems.id)) {
      reportQuirk(state, QUIRKS.itemsWithoutDone, `item ${item.id} has no output_item.done`)
    } else reportBreach(state, RULES.itemsDone, `item ${item.id} (${item.type}) has no output_item.done`)
  }
  for (const item of state.items.values()) {
    if (item.done?.['status'] !== 'incomplete') continue
    if (status === 'incomplete' && item.index === state.nextIndex - 1) continue
    reportBreach(state, RULES.itemStatus, `item ${item.id} is incomplete in a response that is ${status}`)
  }
}

function checkOutput(state: StreamState, response: JsonObject, status: string): void {
  const output = response['output']
  if (!Array.isArray(output)) {
    reportBreach(state, RULES.outputListed, `found output ${toShortJson(output)}, expected a list`)
    return
  }
  if (didBeginInside(state) && state.items.size === 0) return
  if (output.length === 0 && state.nextIndex > 0) {
    if (status === 'failed') return
    if (status === 'completed') {
      reportQuirk(state, QUIRKS.emptyTerminalOutput, 'output is []')
      return
    }
  }
  if (output.length !== state.nextIndex && !(status === 'failed' && output.length < state.nextIndex)) {
    const expected = `expected the ${state.nextIndex} that were streamed`
    reportBreach(state, RULES.outputListed, `found ${output.length} items in output, ${expected}`)
    return
  }
  for (const item of state.items.values()) {
    const told = output[item.index]
    if (told !== undefined) checkOutputItem(state, item, told)
  }
}

function checkOutputItem(state: StreamState, item: Item, told: Json): void {
  if (!isObject(told) || told['id'] !== item.id || told['type'] !== item.type) {
    const found = isObject(told)
      ? `${toShortJson(told['type'])} ${toShortJson(told['id'])}`
      : toShortJson(told)
    const expected = `${item.type} ${item.id}`
    reportBreach(state, RULES.outputListed, `found ${found} at output[${item.index}], expected ${expected}`)
    return
  }
  if (!item.done) return
  const key = findDifferingKey(item.done, told)
  if (key === undefined) return
  const other = isEncrypted(key) ? findDifferingKey(item.done, told, isEncrypted) : key
  if (other === undefined) {
    reportQuirk(state, QUIRKS.encryptedContentDiffers, `at output[${item.index}]`)
    return
  }
  const expected = `output_item.done said ${toShortJson(item.done[other])}`
  reportBreach(
    state,
    RULES.outputEqual,
    `found ${other} ${toShortJson(told[other])} at output[${item.index}], ${expected}`,
  )
}

/** Returns whether the service encrypts this field anew each time. The fingerprint of a program is such a field. */
function isEncrypted(key: string): boolean {
  return key === 'encrypted_content' || key === 'fingerprint'
}

export function onError(state: StreamState, data: JsonObject): void {
  const nested = isObject(data['error'])
  const error = isObject(data['error']) ? data['error'] : data
  if (nested) reportQuirk(state, QUIRKS.errorEventNested, 'the fields stand under error')
  else reportQuirk(state, QUIRKS.errorEventFlat, 'the fields stand at the top')
  const expected = nested ? ['message', 'type', 'code', 'param'] : ['message']
  const missing = expected.filter((key) => error[key] === undefined)
  if (missing.length > 0 || typeof error['message'] !== 'string') {
    reportBreach(state, RULES.errorShape, `found ${toShortJson(error)}, expected ${expected.join(', ')}`)
  }
  noteEarlyError(state)
  state.errorEvent = { nested, code: error['code'] }
  state.phase = 'error'
}

/** Reports an event other than response.failed after an error event. */
export function reportAfterError(state: StreamState, type: string): void {
  reportBreach(state, RULES.errorFollowed, `found ${type} after an error event, expected response.failed`)
}

export function reportAfterTerminal(state: StreamState, type: string): void {
  reportBreach(state, RULES.last, `found ${type} after the terminal event, expected the end`)
}

export function checkEnd(state: StreamState): void {
  if (state.phase === 'over' || state.errorEvent?.nested === false) return
  if (state.errorEvent) {
    reportQuirk(state, QUIRKS.errorEventLast, 'the stream ends with the error event')
    return
  }
  const expected = 'expected response.completed, response.incomplete or response.failed'
  reportBreach(state, RULES.present, `the stream ends after ${state.at + 1} events, ${expected}`)
}
