import { describe, expect, it } from 'vitest'
import { parseConversation } from '../contract/events.ts'
import { examples } from '../invariants/examples/index.ts'
import { emptyPlan } from '../invariants/examples/types.ts'
import { invariants } from '../invariants/index.ts'
import { buildTimeline } from './timeline.ts'

const broken = invariants.flatMap((invariant) =>
  (examples[invariant.id]?.breaks ?? []).map(
    ({ history, plan = emptyPlan }) => [invariant.id, history, invariant, plan] as const,
  ),
)

describe('timelineOf', () => {
  it.each(broken)('tells where a history breaks %s', (_, history, invariant, plan) => {
    const places = invariant.check(history, plan).map(({ at }) => at)
    const timeline = buildTimeline(history, places)
    expect(timeline.some(({ broken, at }) => broken && at === Math.min(...places))).toBe(true)
    expect(timeline.map(({ at }) => at)).toEqual(timeline.map(({ at }) => at).toSorted((a, b) => a - b))
    expect(timeline.length).toBeLessThanOrEqual(23)
  })

  it("lays what belongs to a run to the run's conversation", () => {
    for (const [, history] of broken)
      for (const { at, conversation } of buildTimeline(history, [])) {
        const event = history[at]
        if (event !== undefined && 'run' in event && event.kind !== 'pull')
          expect(conversation).toBe(parseConversation(event.run) ?? null)
      }
  })

  it('tells what is sent and delivered in one go as one moment', () => {
    const sent = { kind: 'stream.event', request: 1, type: 'response.output_text.delta' } as const
    const asked = { kind: 'request', request: 1, run: 'c0.t0', attempt: 0, body: {} } as const
    const timeline = buildTimeline(
      [
        { ...asked, context: [], carries: [] },
        { ...sent, index: 0, step: 1 },
        { kind: 'update', run: 'c0.t0', update: { kind: 'text', text: 'a' }, step: 1 },
        { ...sent, index: 1, type: 'response.completed', step: 2 },
      ],
      [],
    )
    expect(timeline).toEqual([
      { at: 0, conversation: 0, text: 'request 1, the model sees 0 items' },
      {
        at: 3,
        step: 2,
        conversation: 0,
        text: 'receives 2 events, the last response.completed, delivers 1 update',
      },
    ])
  })
})
