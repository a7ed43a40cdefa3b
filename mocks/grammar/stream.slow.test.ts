import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { legalStreams } from '../testing/arbitrary-streams.ts'
import { runMutations } from '../testing/mutation-run.ts'
import { buildStream } from '../testing/streams.ts'
import { checkStream } from './stream.ts'

describe('very many generated streams', () => {
  it('are accepted, whole and resumed at any place', () => {
    fc.assert(
      fc.property(legalStreams, fc.nat(), (plan, place) => {
        const events = buildStream(plan)
        expect(checkStream(events).breaches).toEqual([])
        const after = place % (events.length - 1)
        expect(checkStream(events.slice(after + 1), { startingAfter: after }).breaches).toEqual([])
      }),
      { numRuns: 20_000 },
    )
  })

  it('are rejected with any one event changed, save where that is a legal stream too', () => {
    fc.assert(
      fc.property(legalStreams, fc.nat(), (plan, seed) => {
        const run = runMutations(
          [{ name: 'any', events: buildStream(plan), options: { startingAfter: null } }],
          seed,
        )
        expect(run.unexplained).toEqual([])
      }),
      { numRuns: 1_000 },
    )
  })
})
