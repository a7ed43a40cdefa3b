import { describe, expect, it } from 'vitest'
import type { Promised } from '../invariants/types.ts'
import { mixedPlans } from '../plan/arbitraries/everything.ts'
import { drawPlans, takeFirst } from '../plan/drawn.ts'
import type { Plan } from '../plan/types.ts'
import { createNoisyRun, createNoWordInvariant } from '../testing/promises.ts'
import { explore } from './explore.ts'
import { buildVerdict, isDecisive } from './verdict.ts'

const loud = createNoWordInvariant('loud', 'loud')
const some = [...takeFirst(60, drawPlans(mixedPlans, 1, 'one answer'))]
const usual = some.map(({ service: _, ...plan }): Plan => plan)
const refusing = some.map(
  (plan): Plan => ({ ...plan, service: { continueFailed: 'refuse', secondOutput: 'refuse' } }),
)

const exploring = async (plans: Plan[], breaks: (plan: Plan) => boolean) => {
  const { run, asked } = createNoisyRun((plan) => (breaks(plan) ? ['loud'] : []))
  const [told] = await explore({ invariants: [loud], comparisons: [], plans, run })
  return { told, asked }
}
const refuses = ({ service }: Plan) => service?.continueFailed === 'refuse'
const resets = (plan: Plan) => JSON.stringify(plan.conversations).includes('"reset"')

describe('a rule that is broken only under service options', () => {
  it('is reported with these options, and explored further until all plans ran', async () => {
    const { told } = await exploring(refusing, refuses)
    expect(told?.found[0]?.plan.service).toEqual({ continueFailed: 'refuse' })
    const [five, all] = [await exploring(refusing.slice(0, 5), refuses), await exploring(refusing, refuses)]
    // Each later one runs with and without its service options, and is not shrunk again.
    expect(all.asked.length - five.asked.length).toBe(2 * (refusing.length - 5))
  })

  it('is replaced by a plan that breaks the rule without service options', async () => {
    for (const later of [usual, refusing]) {
      const { told } = await exploring(
        [...refusing.slice(0, 3), ...later.filter(resets)],
        (plan) => refuses(plan) || resets(plan),
      )
      expect(told?.found[0]?.plan.service).toBeUndefined()
      expect(resets(told?.found[0]?.plan as Plan)).toBe(true)
    }
  })

  it('is a should with the reason', () => {
    const subject = { runtime: 'any', version: '1.0.0', scenario: 'any', mode: 'on' }
    const [plan] = usual as [Plan]
    const found = (plan: Plan, rule: Promised = loud) => {
      const told = {
        ...subject,
        invariant: 'loud',
        transport: 'fetch' as const,
        violations: [],
        ends: [],
        plan,
      }
      return buildVerdict(
        subject,
        rule,
        {
          verdict: 'violated',
          plans: 1,
          witnesses: 1,
          cause: 'loud',
          times: 1,
          counterexample: { schema: 1, ...told },
        },
        undefined,
      )
    }
    const [anyAnswer, oneAnswer] = [found(plan), found({ ...plan, service: { continueFailed: 'refuse' } })]
    expect([anyAnswer.level, isDecisive(anyAnswer), anyAnswer.reason]).toEqual(['must', true, undefined])
    expect([oneAnswer.level, isDecisive(oneAnswer)]).toEqual(['should', false])
    expect(oneAnswer.reason).toContain('{"continueFailed":"refuse"}')
    const ended = found(
      { ...plan, service: { continueFailed: 'refuse' } },
      { ...loud, id: 'process-survives' },
    )
    expect([ended.level, isDecisive(ended)]).toEqual(['must', true])
  })
})
