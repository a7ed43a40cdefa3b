import fc from 'fast-check'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import type { JsonObject } from '../../mocks/json.ts'
import { isObject } from '../../mocks/json.ts'
import type { History, ModelRequest } from '../contract/events.ts'
import type { Runtime } from '../contract/runtime.ts'
import { execute } from '../execute/execute.ts'
import { isNested } from '../history/runs.ts'
import { noAlteredContext, noContextLoss } from '../invariants/context.ts'
import { arbitraryPlans } from '../plan/arbitraries/plan.ts'
import type { Plan } from '../plan/types.ts'
import { listConversations } from './entries.ts'
import { listOwed } from './owed.ts'

/** A correct runtime, so that only what a test changes can break a rule. */
const name = 'reference'
let runtime: Runtime
beforeAll(async () => {
  vi.stubEnv('NODE_ENV', 'production')
  runtime = (await import(`../../runtimes/${name}/adapter.ts`)).runtime
})

/** The context of one request that owes something, and where the request is in its history. */
interface Target {
  history: History
  at: number
  asked: ModelRequest
  plan: Plan
  /** Whether the request comes from an agent that runs as a tool. How it is told its task is left to the runtime. */
  nested: boolean
}

/** Runs generated plans, and calls `look` with each request that contains at least two entries. */
async function forEachRequest(look: (target: Target, pick: number) => void): Promise<number> {
  let looks = 0
  await fc.assert(
    fc.asyncProperty(
      // What becomes of a refusal, and of a call that nobody can run, is left to the runtime.
      arbitraryPlans({
        supports: runtime.supports.difference(new Set(['call-errors'])),
        spoiled: 0,
        stopped: 0,
      }).filter((plan) => !JSON.stringify(plan.conversations).includes('"refusal"')),
      fc.nat(),
      async (plan, pick) => {
        const history = await execute(runtime, plan, { transport: 'fetch' })
        for (const account of listConversations(history))
          for (const story of account.runs)
            for (const request of story.requests) {
              const owed = listOwed(account, request, story).filter(({ level }) => level === 'must')
              if (request.refused !== undefined || owed.length < 2) continue
              looks++
              look(
                { history, at: request.at, asked: request.asked, plan, nested: isNested(request, story) },
                pick,
              )
            }
      },
    ),
    { numRuns: 40, seed: 20_261_130 },
  )
  return looks
}

function replaceContext({ history, at, asked }: Target, context: readonly JsonObject[]): History {
  return history.with(at, { ...asked, context })
}

/** Items that a request owes: messages of the user and the model, calls and outputs. */
function isOwedItem({ type = 'message', role }: JsonObject, nested: boolean): boolean {
  if (type === 'message') return (role === 'user' && !nested) || role === 'assistant'
  return type === 'function_call' || type === 'function_call_output'
}

/** Returns an item with its last text cut by one character. Returns undefined if it has no text. */
function cutText(item: JsonObject): JsonObject | undefined {
  for (const key of ['content', 'output', 'arguments']) {
    const held = item[key]
    if (typeof held === 'string' && held !== '') return { ...item, [key]: held.slice(0, -1) }
    const part = Array.isArray(held) ? held.at(-1) : undefined
    if (isObject(part) && typeof part['text'] === 'string' && part['text'] !== '')
      return {
        ...item,
        [key]: [...(held as JsonObject[]).slice(0, -1), { ...part, text: part['text'].slice(0, -1) }],
      }
  }
  return undefined
}

describe('a request of a correct runtime', () => {
  it('breaks the rule if any owed item is taken away', async () => {
    const looks = await forEachRequest((target, pick) => {
      const { context } = target.asked
      const places = context.flatMap((item, place) => (isOwedItem(item, target.nested) ? [place] : []))
      const place = places[pick % places.length] ?? 0
      const without = replaceContext(target, context.toSpliced(place, 1))
      expect([place, noContextLoss.check(target.history, target.plan)]).toEqual([place, []])
      expect(noContextLoss.check(without, target.plan), JSON.stringify(context[place])).not.toEqual([])
    })
    expect(looks).toBeGreaterThan(20)
  })

  it('breaks the rule if any owed text loses its last character', async () => {
    const looks = await forEachRequest((target, pick) => {
      const { context } = target.asked
      const places = context.flatMap((item, place) =>
        isOwedItem(item, target.nested) && cutText(item) !== undefined ? [place] : [],
      )
      const place = places[pick % places.length] ?? 0
      const shorter = cutText(context[place] as JsonObject) as JsonObject
      const altered = replaceContext(target, context.with(place, shorter))
      const found = [noAlteredContext, noContextLoss].flatMap((rule) => rule.check(altered, target.plan))
      expect(noAlteredContext.check(target.history, target.plan)).toEqual([])
      expect(found, JSON.stringify(context[place])).not.toEqual([])
    })
    expect(looks).toBeGreaterThan(20)
  })
})
