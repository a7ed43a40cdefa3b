import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import { writeDigestText } from '../../harness/history/digest.ts'
import { arbitraryMixedPlans } from '../../harness/plan/arbitraries/everything.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { startTestDriver } from '../../harness/remote/testing/driven.ts'

/** The plan with all its conversations in threads of their own. */
const inThreads = (plan: Plan): Plan => ({
  ...plan,
  conversations: plan.conversations.map((conversation) => ({ ...conversation, as: 'thread' })),
})

describe('conversations in threads, on one set of agents', () => {
  const runtime = startTestDriver('openai-agents-python')
  const run = (plan: Plan) => execute(runtime(), plan, { transport: 'http', patience: 10 })

  it('are drawn', () => {
    const drawn = fc.sample(arbitraryMixedPlans(runtime().supports), { numRuns: 50, seed: 20_261_121 })
    const lives = new Set(drawn.flatMap(({ conversations }) => conversations.map((one) => one.as)))
    expect(lives).toEqual(new Set(['task', 'thread']))
  })

  it('end, and ask, as they do in tasks', async () => {
    const plans = fc.sample(arbitraryMixedPlans(runtime().supports), { numRuns: 10, seed: 20_261_121 })
    for (const plan of plans) {
      const [inTasks, threaded] = [await run(plan), await run(inThreads(plan))]
      const seen = (history: typeof inTasks) =>
        filterEvents(history, 'run.end').map(({ run, outcome }) => `${run} ${outcome.status} ${outcome.text}`)
      expect(seen(threaded).sort()).toEqual(seen(inTasks).sort())
      expect(filterEvents(threaded, 'request')).toHaveLength(filterEvents(inTasks, 'request').length)
    }
  })

  // An agent that runs as a tool goes on while the harness answers another tool call. No step of a plan orders the two.
  it('give one history for one plan, unless an agent runs as a tool', async () => {
    const supports = new Set([...runtime().supports].filter((one) => one !== 'agent-tool' && one !== 'drop'))
    await fc.assert(
      fc.asyncProperty(arbitraryMixedPlans(supports), async (drawn) => {
        const plan = inThreads(drawn)
        expect(writeDigestText(await run(plan))).toBe(writeDigestText(await run(plan)))
      }),
      { numRuns: 15, endOnFailure: true, seed: 20_261_121 },
    )
  })
})
