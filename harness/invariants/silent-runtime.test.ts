import { expect, it } from 'vitest'
import { execute } from '../execute/execute.ts'
import { createScriptedRuntime } from '../execute/testing/scripted.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import { drawPlans, takeFirst } from '../plan/drawn.ts'
import { comparisons, invariants } from './index.ts'

/** What such a runtime does put to the test: its runs, its stream and its process. */
const ABOUT_RUNS = [
  'after-run-only-on-success',
  'caller-span-kept',
  'cleanup-once',
  'consumer-context-untouched',
  'healthy-run-completes',
  'hooks-fire-once-each',
  'no-egress',
  'nothing-after-the-end',
  'nothing-left-behind',
  'nothing-left-open',
  'process-stays-quiet',
  'process-survives',
  'run-settles-once',
]

it('a runtime that sends no request puts no rule about requests to the test', async () => {
  const runtime = createScriptedRuntime(async function* () {
    yield { kind: 'text', text: 'I never asked' }
    return 'I never asked'
  })
  const exercised = new Set<string>()
  for (const plan of takeFirst(60, drawPlans(arbitraryPlans({ modes: ['off', 'on'] }), 1, 'silent'))) {
    const history = await execute(runtime, plan, { transport: 'fetch' })
    for (const { id, countWitnesses } of invariants) if (countWitnesses(history, plan) > 0) exercised.add(id)
    for (const { id, countWitnesses } of comparisons)
      if (countWitnesses(history, [history], plan) > 0) exercised.add(id)
  }
  expect([...exercised].filter((id) => !ABOUT_RUNS.includes(id))).toEqual([])
  expect([...exercised]).toContain('run-settles-once')
})
