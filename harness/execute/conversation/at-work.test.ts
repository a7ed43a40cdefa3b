import { describe, expect, it } from 'vitest'
import type { History } from '../../contract/events.ts'
import {
  answered,
  asked,
  cancelled,
  cut,
  ended,
  said,
  toolEnd,
  toolStart,
} from '../../invariants/examples/events.ts'
import { answersCallOf, isStillAtWork } from './at-work.ts'

const run = 'c0.t0'
const begun = [said(run, 'Hello?'), asked(1, run, [])]
const over = ended(run, 'completed')

describe('a run that has ended', () => {
  it.each<[string, History]>([
    ['has a request without an answer', [...begun, over]],
    ['has an open tool call', [...begun, cut(1), toolStart(run, 'call'), over]],
    ['has sent a request since', [...begun, cut(1), over, asked(2, run, []), cut(2)]],
    ['has called a tool since', [...begun, cut(1), over, toolStart(run, 'call'), toolEnd(run, 'call', {})]],
  ])('is still at work if it %s', (_, history) => expect(isStillAtWork(history, run)).toBe(true))

  it.each<[string, History]>([
    ['got its answer', [...begun, answered(1, []), over]],
    ['lost its connection', [...begun, cut(1), over]],
    ['has left the service', [...begun, over, ...cancelled(1)]],
    ['has its tool results', [...begun, toolStart(run, 'call'), toolEnd(run, 'call', {}), cut(1), over]],
    ['is followed by another', [...begun, cut(1), over, asked(2, 'c0.t1', []), toolStart('c0.t1', 'call')]],
  ])('is not if it %s', (_, history) => expect(isStillAtWork(history, run)).toBe(false))
})

describe('a request with the output of a call', () => {
  const item = { type: 'function_call', call_id: 'call_1', status: 'in_progress' }
  const failed: History = [
    said('c0.t1', 'Hello?'),
    asked(1, 'c0.t1', []),
    { kind: 'stream.event', request: 1, index: 2, type: 'response.output_item.added', item },
    cut(1),
  ]
  const output = (id: string) => [{ type: 'function_call_output', call_id: id, output: 'rain' }]

  it('answers a call of the run whose answer had it, also if that answer failed', () => {
    expect(answersCallOf(failed, 'c0.t1', output('call_1'))).toBe(true)
    expect(answersCallOf(failed, 'c0.t1', { input: output('call_1') })).toBe(true)
  })

  it('answers no call of another run, and no other call', () => {
    expect(answersCallOf(failed, 'c0.t0', output('call_1'))).toBe(false)
    expect(answersCallOf(failed, 'c0.t1', output('call_2'))).toBe(false)
    expect(answersCallOf(failed, 'c0.t1', 'Hello?')).toBe(false)
  })
})
