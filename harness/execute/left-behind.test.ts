import { describe, expect, it } from 'vitest'
import { filterEvents } from '../contract/events.ts'
import { createPlan, createScriptedRuntime, createTurn, runPlan } from './testing/scripted.ts'

describe('what comes after the end', () => {
  it('is left behind, and is recorded as nothing else', async () => {
    const late = createScriptedRuntime(undefined, {
      async open(world) {
        const team = await createScriptedRuntime().open(world)
        return {
          ...team,
          async close() {
            await team.close()
            setTimeout(() => world.probe.hook({ run: 'c0.t0', name: 'cleanup' }), 1000)
          },
        }
      },
    })
    const history = await runPlan(late, createPlan([[createTurn()]]))
    expect(filterEvents(history, 'left-behind')).toMatchObject([
      { what: 'hook', message: 'the hook cleanup was called' },
    ])
    expect(filterEvents(history, 'hook')).toEqual([])
  })

  it('never gets into the history of the next plan, nor into its own that was judged', async () => {
    let tell = () => {}
    const keeps = createScriptedRuntime(undefined, {
      async open(world) {
        tell()
        tell = () => world.probe.hook({ run: 'c0.t0', name: 'cleanup' })
        return createScriptedRuntime().open(world)
      },
    })
    const first = await runPlan(keeps, createPlan([[createTurn()]]))
    const length = first.length
    const second = await runPlan(keeps, createPlan([[createTurn()]]))
    expect(first).toHaveLength(length)
    expect(filterEvents([...first, ...second], 'hook')).toEqual([])
  })
})
