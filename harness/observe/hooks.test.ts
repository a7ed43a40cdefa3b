import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { eventsOf } from '../contract/events.ts'
import { planOf, ran, scripted, turnOf } from '../execute/testing/scripted.ts'
import type { HookName } from '../plan/types.ts'

const names: HookName[] = ['before_run', 'after_run', 'transform', 'result', 'cleanup']

/** Calls a hook so often in each run, and says in its updates what came of each call. */
const hooking = (hook: HookName, times: number) =>
  scripted(async function* ({ request, world }) {
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
        const broken = [turnOf({ breaks: { hook, nth } }), turnOf()]
        const history = await ran(hooking(hook, times), planOf([broken, [turnOf()]]))
        const ofBroken = eventsOf(history, 'hook').filter(({ run }) => run === 'c0.t0')
        expect(ofBroken.map(({ threw }) => threw ?? false)).toEqual(
          Array.from({ length: times }, (_, call) => call === nth),
        )
        const others = eventsOf(history, 'hook').filter(({ run }) => run !== 'c0.t0')
        expect(others.every(({ threw }) => threw === undefined)).toBe(true)
        const texts = eventsOf(history, 'update').flatMap(({ run, update }) =>
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
    const plan = planOf([[turnOf({ breaks: { hook: 'cleanup', nth: 0 } })]])
    const history = await ran(hooking('result', 2), plan)
    expect(eventsOf(history, 'hook').map(({ run, name, agent, threw }) => [run, name, agent, threw])).toEqual(
      [
        ['c0.t0', 'result', 'agent', undefined],
        [null, 'result', undefined, undefined],
        ['c0.t0', 'result', 'agent', undefined],
        [null, 'result', undefined, undefined],
      ],
    )
  })
})
