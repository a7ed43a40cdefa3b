import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { filterEvents } from '../contract/events.ts'
import { createPlan, createScriptedRuntime, createTurn, runPlan } from '../execute/testing/scripted.ts'
import type { HookName } from '../plan/types.ts'

const names: HookName[] = ['before_run', 'after_run', 'transform', 'result', 'cleanup']

/** Calls a hook so often in each run, and says in its updates what came of each call. */
const hooking = (hook: HookName, times: number) =>
  createScriptedRuntime(async function* ({ request, world }) {
    for (let call = 0; call < times; call++) {
      let text = 'passed'
      try {
        world.probe.hook({ run: request.run, agent: 'agent', name: hook })
        world.probe.hook({ run: null, name: hook })
      } catch (error) {
        text = (error as Error).message
      }
      yield { kind: 'text', text }
    }
    return ''
  })

describe('a hook that the plan breaks', () => {
  it('throws at the nth call in its turn, whichever it is, and at no other', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), fc.nat(4), fc.nat(4), async (hook, nth, times) => {
        const broken = [createTurn({ breaks: { hook, nth } }), createTurn()]
        const history = await runPlan(hooking(hook, times), createPlan([broken, [createTurn()]]))
        const ofBroken = filterEvents(history, 'hook').filter(({ run }) => run === 'c0.t0')
        expect(ofBroken.map(({ threw }) => threw ?? false)).toEqual(
          Array.from({ length: times }, (_, call) => call === nth),
        )
        const others = filterEvents(history, 'hook').filter(({ run }) => run !== 'c0.t0')
        expect(others.every(({ threw }) => threw === undefined)).toBe(true)
        const texts = filterEvents(history, 'update').flatMap(({ run, update }) =>
          run === 'c0.t0' && update.kind === 'text' ? [update.text] : [],
        )
        expect(texts).toEqual(
          Array.from({ length: times }, (_, call) =>
            call === nth ? `conformance: hook ${hook} throws` : 'passed',
          ),
        )
      }),
      { numRuns: 30 },
    )
  })

  it('is another only where the plan names that', async () => {
    const plan = createPlan([[createTurn({ breaks: { hook: 'cleanup', nth: 0 } })]])
    const history = await runPlan(hooking('result', 2), plan)
    expect(
      filterEvents(history, 'hook').map(({ run, name, agent, threw }) => [run, name, agent, threw]),
    ).toEqual([
      ['c0.t0', 'result', 'agent', undefined],
      [null, 'result', undefined, undefined],
      ['c0.t0', 'result', 'agent', undefined],
      [null, 'result', undefined, undefined],
    ])
  })
})
