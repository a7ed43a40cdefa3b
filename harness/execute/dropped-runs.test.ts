import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Run } from '../contract/runtime.ts'
import { exposeGarbageCollection } from '../observe/garbage.ts'
import { createPlan, createScriptedRuntime, createTurn, runPlan } from './testing/scripted.ts'

describe('a run that its consumer drops', () => {
  let hide = () => {}
  beforeEach(() => {
    hide = exposeGarbageCollection()
  })
  afterEach(() => hide())

  /** Returns whether the run is still in memory when the team is asked to close. */
  async function isKept(teamKeeps: boolean): Promise<boolean> {
    let kept = true
    let keeps: Run | undefined
    let known: WeakRef<Run> | undefined
    const runtime = createScriptedRuntime(undefined, {
      async open(world) {
        const team = await createScriptedRuntime().open(world)
        return {
          start(request) {
            const run = { ...team.start(request) }
            known = new WeakRef(run)
            if (teamKeeps) keeps = run
            return run
          },
          async close() {
            await new Promise((resolve) => setImmediate(resolve))
            globalThis.gc?.()
            kept = known?.deref() !== undefined
            keeps?.updates[Symbol.asyncIterator]()
            await team.close()
          },
        }
      },
    })
    await runPlan(runtime, createPlan([[createTurn({ stop: { how: 'drop', after: { updates: 1 } } })]]))
    return kept
  }

  it('is let go by the harness, so that only its runtime may keep it', async () => {
    expect(await isKept(false)).toBe(false)
    expect(await isKept(true)).toBe(true)
  })
})
