import { describe, expect, it } from 'vitest'
import { filterEvents } from '../../harness/contract/events.ts'
import { execute } from '../../harness/execute/execute.ts'
import type { Plan, SessionMode, Stop } from '../../harness/plan/types.ts'
import { startTestDriver } from '../../harness/remote/testing/driven.ts'
import { createLeftPlan } from '../../harness/testing/plans.ts'

/** A consumer leaves the first answer early, and asks again. */
function createAskingPlan(session: SessionMode, after: Stop['after']): Plan {
  const plan = createLeftPlan({ how: 'return', after }, session)
  plan.conversations[0]?.turns.push({
    say: 'canary-0.1.0-00000003 And now?',
    stream: true,
    answers: [{ items: [{ type: 'text', text: 'canary-0.1.1-00000004 Good night.' }] }],
    target: 'same',
    pull: 'same-context',
  })
  return plan
}

describe('a consumer that leaves a stream of openai-agents-python early', () => {
  const runtime = startTestDriver('openai-agents-python')

  const sessions: SessionMode[] = ['history', 'previous-response', 'conversation-object', 'runtime-default']
  const moments: Stop['after'][] = [{ updates: 3 }, { updates: 6 }, { request: 0, events: 3 }]
  it.each(sessions.flatMap((session) => moments.map((after) => ({ session, after }))))(
    'cancels the request with cancel(), and the next turn completes ($session, after $after)',
    async ({ session, after }) => {
      const history = await execute(runtime(), createAskingPlan(session, after), {
        transport: 'http',
        patience: 10,
      })
      expect(filterEvents(history, 'stop')).toMatchObject([{ run: 'c0.t0', how: 'return' }])
      expect(filterEvents(history, 'request.cancelled')).toHaveLength(1)
      expect(filterEvents(history, 'run.end').map(({ outcome }) => outcome)).toMatchObject([
        { status: 'stopped' },
        { status: 'completed', text: 'canary-0.1.1-00000004 Good night.' },
      ])
      expect(filterEvents(history, 'left-open')).toEqual([])
    },
  )
})
