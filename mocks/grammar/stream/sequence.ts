import { type JsonObject, toShortJson } from '../../json.ts'
import type { Rule } from '../types.ts'
import { QUIRKS } from './quirks.ts'
import { reportBreach, reportQuirk, type StreamState } from './state.ts'

const RULES = {
  present: {
    id: 'sequence-present',
    statement: 'Every event of the stream has a sequence_number, or none has one',
    source: 'GRAMMAR R02a',
  },
  gapless: {
    id: 'sequence-gapless',
    statement: 'sequence_number is an integer and grows by one with each event',
    source: 'GRAMMAR R02b, R02c',
  },
  first: {
    id: 'sequence-first',
    statement: 'The first sequence_number is 0. In a stream that is resumed after N it is N+1',
    source: 'GRAMMAR R02d, G40; SERVICE-FACTS 7',
  },
} as const satisfies Record<string, Rule>

export const sequenceRules: readonly Rule[] = Object.values(RULES)

export function checkSequence(state: StreamState, data: JsonObject): void {
  const number = data['sequence_number']
  if (state.numbered === undefined) {
    checkFirstNumber(state, number)
    return
  }
  if (!state.numbered) {
    if (number === undefined) return
    state.numbered = true
    state.lastNumber = typeof number === 'number' ? number : state.at
    reportBreach(
      state,
      RULES.present,
      `found sequence_number ${toShortJson(number)}, the events before it have none`,
    )
    return
  }
  if (number === state.lastNumber + 1) {
    state.lastNumber++
    return
  }
  if (number === undefined) {
    state.lastNumber++
    reportBreach(state, RULES.present, `found no sequence_number, expected ${state.lastNumber}`)
    return
  }
  reportBreach(
    state,
    RULES.gapless,
    `found sequence_number ${toShortJson(number)}, expected ${state.lastNumber + 1}`,
  )
  state.lastNumber = typeof number === 'number' && Number.isInteger(number) ? number : state.lastNumber + 1
}

function checkFirstNumber(state: StreamState, number: unknown): void {
  state.numbered = number !== undefined
  if (number === undefined) {
    state.resumed = typeof state.startingAfter === 'number'
    reportQuirk(state, QUIRKS.noSequenceNumber, 'the first event has no sequence_number')
    return
  }
  state.lastNumber = typeof number === 'number' ? number : 0
  const { startingAfter } = state
  if (startingAfter === undefined && typeof number === 'number' && Number.isInteger(number) && number > 0) {
    state.resumed = true
  } else {
    const expected = typeof startingAfter === 'number' ? startingAfter + 1 : 0
    state.resumed = expected > 0
    if (number !== expected) {
      reportBreach(
        state,
        RULES.first,
        `found sequence_number ${toShortJson(number)} first, expected ${expected}`,
      )
    }
  }
  if (state.resumed)
    reportQuirk(state, QUIRKS.resumed, `the stream begins at sequence_number ${toShortJson(number)}`)
}
