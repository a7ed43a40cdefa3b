import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HistoryEvent } from '../contract/events.ts'
import { computeDigest } from './digest.ts'

const calls = ['call_00000001', 'call_00000002', 'call_00000003']
const begun = calls.map(
  (call): HistoryEvent => ({ kind: 'tool.start', run: 'c0.t0', call, name: 'wait', args: call }),
)
const ended = (more: object) =>
  calls.map((call) => ({ kind: 'tool.end', run: 'c0.t0', call, name: 'wait', ...more }) as HistoryEvent)
const orders = fc.shuffledSubarray([0, 1, 2], { minLength: 3 })

function digestIn(order: number[], ends: HistoryEvent[]): string {
  return computeDigest([...begun, ...order.map((at) => ends[at] as HistoryEvent)])
}

describe('a digest', () => {
  it('has no order of calls that are cancelled together', () => {
    const ends = ended({ error: 'the run was stopped', cancelled: true })
    fc.assert(
      fc.property(orders, (order) => {
        expect(digestIn(order, ends)).toBe(digestIn([0, 1, 2], ends))
      }),
    )
  })

  it('has the order of calls that give a result', () => {
    const ends = ended({ result: 'sun' })
    expect(digestIn([1, 0, 2], ends)).not.toBe(digestIn([0, 1, 2], ends))
  })

  it('has no order of spans of a tree that end together', () => {
    const spans = ['aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb', 'cccccccccccccccc']
    const starts = spans.map(
      (span, at): HistoryEvent => ({
        kind: 'span.start',
        span,
        name: 'chat',
        conversation: 0,
        ...(at > 0 ? { parent: spans[0] as string } : {}),
      }),
    )
    const ends = spans.map(
      (span) => ({ kind: 'span.end', span, name: 'chat', attributes: {}, status: 'UNSET' }) as HistoryEvent,
    )
    const digestOf = (order: number[]) =>
      computeDigest([...starts, ...order.map((at) => ends[at] as HistoryEvent)])
    fc.assert(
      fc.property(orders, (order) => {
        expect(digestOf(order)).toBe(digestOf([0, 1, 2]))
      }),
    )
  })
})
