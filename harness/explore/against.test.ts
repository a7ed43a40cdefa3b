import { describe, expect, it } from 'vitest'
import type { History } from '../contract/events.ts'
import { asked, ended, failed, hook, refusedWith, said } from '../invariants/examples/events.ts'
import { emptyPlan } from '../invariants/examples/types.ts'
import { afterRunOnlyOnSuccess } from '../invariants/hooks.ts'
import { nextTurnAccepted } from '../invariants/previous-response.ts'
import { createNamedRuntime } from '../testing/promises.ts'
import { createDifferentialTest } from './against.ts'

const [afterRun, nextTurn] = createDifferentialTest(createNamedRuntime('new'), createNamedRuntime('old'), [
  afterRunOnlyOnSuccess,
  nextTurnAccepted,
]).comparisons
const RUN = 'c0.t0'
const NEXT = 'c0.t1'
const begun = [said(RUN, 'hello there, agent'), asked(1, RUN)]

const causes = (comparison: typeof afterRun, own: History, other: History) =>
  comparison?.compare(own, [other], emptyPlan).map(({ cause }) => cause)

describe('the comparison with another version', () => {
  const broken = [...begun, hook(RUN, 'after_run'), failed(RUN)]

  it('reports what the other version does not violate, and nothing that it violates as well', () => {
    expect(causes(afterRun, broken, [...begun, failed(RUN)])).toEqual(['after_run fired, run failed'])
    expect(causes(afterRun, broken, broken)).toEqual([])
  })

  it('reports nothing if the other version did not put the rule to the test', () => {
    expect(causes(afterRun, broken, [])).toEqual([])
  })

  const refused: History = [
    ...begun,
    ended(RUN, 'completed'),
    said(NEXT, 'and tomorrow, please?'),
    asked(2, NEXT),
    { kind: 'request.refused', request: 2, rule: 'items-found', status: 404 },
    refusedWith(2, 404),
    failed(NEXT),
  ]
  const accepted = [...begun, ended(RUN, 'completed'), said(NEXT, 'and tomorrow, please?'), asked(2, NEXT)]

  it('reports a refused request if the other version sends one that is accepted', () => {
    expect(causes(nextTurn, refused, [...accepted, ended(NEXT, 'completed')])).toEqual(['items-found'])
  })

  it('reports nothing if the run, or a run before it, failed earlier on the other version', () => {
    const failedBefore = [...begun, failed(RUN), said(NEXT, 'and tomorrow, please?'), asked(2, NEXT)]
    expect(causes(nextTurn, refused, [...failedBefore, ended(NEXT, 'completed')])).toEqual([])
    const unasked = [...begun, ended(RUN, 'completed'), said(NEXT, 'and tomorrow, please?'), failed(NEXT)]
    expect(causes(nextTurn, refused, unasked)).toEqual([])
  })
})
