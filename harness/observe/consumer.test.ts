import { AsyncLocalStorage } from 'node:async_hooks'
import * as otel from '@opentelemetry/api'
import { describe, expect, it } from 'vitest'
import { filterEvents, type History } from '../contract/events.ts'
import type { Update } from '../contract/run-outcome.ts'
import type { Runtime } from '../contract/runtime.ts'
import {
  createAnswer,
  createPlan,
  createScriptedRuntime,
  createTurn,
  listRunEnds,
  passOnText,
  runPlan,
  type Script,
} from '../execute/testing/scripted.ts'
import { pullNames } from '../plan/schema.ts'
import type { Pull } from '../plan/types.ts'

const iterating = pullNames.filter((pull) => pull !== 'final-only')

/** A runtime whose every next() does something first, where its caller can feel it. */
function atEachPull(does: (tracer: otel.Tracer) => void): Runtime {
  const { open } = createScriptedRuntime()
  return createScriptedRuntime(undefined, {
    async open(world) {
      const team = await open(world)
      const tracer = world.telemetry.install(otel).getTracer('scripted')
      return {
        ...team,
        start(request) {
          const run = team.start(request)
          const iterator = run.updates[Symbol.asyncIterator]()
          const next = (): Promise<IteratorResult<Update>> => {
            does(tracer)
            return iterator.next()
          }
          return { ...run, updates: { [Symbol.asyncIterator]: () => ({ ...iterator, next }) } }
        },
      }
    },
  })
}

async function pulled(runtime: Runtime, pull: Pull): Promise<History> {
  const history = await runPlan(
    runtime,
    createPlan([[createTurn({ pull, answers: [createAnswer('One two three.')] })]]),
  )
  expect(listRunEnds(history)).toEqual(['c0.t0 completed'])
  return history
}

/** What became of the consumer's context and active span in its pulls, without repetitions. */
function seen(history: History): string[] {
  const pulls = filterEvents(history, 'pull')
  return [...new Set(pulls.map(({ context, span }) => `context ${context}, span ${span}`))]
}

describe.each(iterating)('a consumer that pulls by %s', (pull) => {
  it('finds its context and its span again, once for each update and for the end', async () => {
    const storage = new AsyncLocalStorage<string>()
    const history = await pulled(
      atEachPull((tracer) => {
        tracer.startActiveSpan('chat', (span) => span.end())
        storage.run('mine', () => {})
      }),
      pull,
    )
    expect(seen(history)).toEqual(['context kept, span kept'])
    const updates = filterEvents(history, 'update').length
    expect(updates).toBeGreaterThan(2)
    expect(filterEvents(history, 'pull')).toHaveLength(updates + 1)
  })

  it('sees a context of the runtime that was entered and never left', async () => {
    const storage = new AsyncLocalStorage<object>()
    const leaking = atEachPull(() => storage.enterWith({}))
    expect(seen(await pulled(leaking, pull))).toEqual(['context changed, span kept'])
  })

  it('sees a span of the runtime that was left active', async () => {
    const leaking = atEachPull((tracer) => leaveActive(tracer.startSpan('chat')))
    expect(seen(await pulled(leaking, pull))).toContain('context changed, span changed')
  })
})

describe('a context that a runtime enters in its first pull', () => {
  it.each([
    ['same-context', 'entered'],
    ['new-context-per-pull', undefined],
    ['handed-over-midway', undefined],
  ] as const)('is, pulled by %s, in the last: %s', async (pull, last) => {
    const storage = new AsyncLocalStorage<string>()
    const held: (string | undefined)[] = []
    const entering = atEachPull(() => {
      if (held.push(storage.getStore()) === 1) storage.enterWith('entered')
    })
    await pulled(entering, pull)
    expect([held[0], held.at(-1)]).toEqual([undefined, last])
  })
})

describe('a context that a runtime enters where a run is made', () => {
  it.each([
    ['same-context', 'entered'],
    ['timeout-per-pull', 'entered'],
    ['handed-over', undefined],
    ['new-context-per-pull', undefined],
  ] as const)('is, pulled by %s, in every pull: %s', async (pull, expected) => {
    const storage = new AsyncLocalStorage<string>()
    const held: (string | undefined)[] = []
    const noting = atEachPull(() => held.push(storage.getStore()))
    const entering: Runtime = {
      ...noting,
      async open(world) {
        const team = await noting.open(world)
        return {
          ...team,
          start(request) {
            storage.enterWith('entered')
            return team.start(request)
          },
        }
      },
    }
    await pulled(entering, pull)
    expect([...new Set(held)]).toEqual([expected])
  })
})

describe('a consumer that pulls by final-only', () => {
  it('never calls next()', async () => {
    const history = await pulled(createScriptedRuntime(), 'final-only')
    expect(filterEvents(history, 'pull')).toEqual([])
    expect(filterEvents(history, 'update')).toEqual([])
  })
})

describe('a pull that throws', () => {
  it('is told with its error, and is the last', async () => {
    const failing: Script = async function* ({ ask }) {
      yield { kind: 'text', text: 'One' }
      yield* passOnText(ask())
      throw new TypeError('no more')
    }
    const history = await runPlan(createScriptedRuntime(failing), createPlan([[createTurn()]]))
    const pulls = filterEvents(history, 'pull')
    expect(pulls.filter(({ error }) => error)).toEqual([pulls.at(-1)])
    expect(pulls.at(-1)).toMatchObject({ error: { name: 'TypeError', message: 'no more' } })
    expect(listRunEnds(history)).toEqual(['c0.t0 failed'])
  })
})

describe('what is laid over AsyncLocalStorage while a plan runs', () => {
  it('is gone afterwards', async () => {
    const { enterWith } = AsyncLocalStorage.prototype
    await pulled(createScriptedRuntime(), 'same-context')
    expect(AsyncLocalStorage.prototype.enterWith).toBe(enterWith)
  })
})

/** Leaves a span active in the caller's context, as an instrumentation with `enterWith` does. */
function leaveActive(span: otel.Span): void {
  const { context } = otel as unknown as {
    context: { _getContextManager(): { _asyncLocalStorage: AsyncLocalStorage<otel.Context> } }
  }
  context._getContextManager()._asyncLocalStorage.enterWith(otel.trace.setSpan(otel.context.active(), span))
}
