import { describe, expect, it } from 'vitest'
import { estimateWeight } from '../../plan/weight.ts'
import { execute } from '../execute.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  passOnText,
} from '../testing/scripted.ts'

/** How many signs of life, and how many steps, a plan takes on a runtime that asks so often in one run. */
async function signsOf(text: string, asks: number) {
  const plan = createPlan([[createTurn({ answers: [createAnswer(text)] })]])
  const runtime = createScriptedRuntime(async function* ({ ask }) {
    for (let asked = 1; asked < asks; asked++) yield* passOnText(ask())
    return yield* passOnText(ask())
  })
  let signs = 0
  const history = await execute(runtime, plan, { transport: 'fetch', sign: () => void signs++ })
  return {
    signs,
    steps: history.filter(({ kind }) => kind === 'step').length,
    expected: estimateWeight(plan).steps,
  }
}

describe('signs of life', () => {
  it('are given all the way through a plan that has many steps', async () => {
    const { signs, steps } = await signsOf('x'.repeat(20_000), 1)
    expect(steps).toBeGreaterThan(3_000)
    expect(signs).toBe(Math.floor((steps - 1) / 256))
  })

  it('are not given for what a runtime does beyond its plan', async () => {
    const { signs, steps, expected } = await signsOf('It is so.', 200)
    expect(steps).toBeGreaterThan(4 * 256)
    expect(expected).toBeLessThan(256)
    expect(signs).toBe(0)
  })
})
