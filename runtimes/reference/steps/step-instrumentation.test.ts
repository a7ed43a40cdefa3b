import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Agent } from '../agent.ts'
import { type AgentHook, AgentHooks, type HookPoint } from '../agent-hooks.ts'
import { buildCall, buildText, buildTool, collectRun, createStage, createTracing } from '../testing/stage.ts'
import type { StepCall } from './step-call.ts'
import { StepInstrumentation } from './step-instrumentation.ts'

const POINTS: readonly HookPoint[] = ['preReasoning', 'postReasoning', 'preActing', 'postActing']

/** The hooks of an agent, with what is registered, and a registration that can be made to fail. */
class WatchedHooks extends AgentHooks {
  readonly there: string[] = []
  failsAt: HookPoint | undefined

  override register<P extends HookPoint>(point: P, name: string, hook: AgentHook<P>): void {
    if (point === this.failsAt) throw new Error(`${point} is not taken`)
    super.register(point, name, hook)
    this.there.push(point)
  }

  override remove(point: HookPoint, name: string): boolean {
    const at = this.there.indexOf(point)
    if (at >= 0) this.there.splice(at, 1)
    return super.remove(point, name)
  }
}

/** An instrumentation that lets its release be done again. */
class ReleasedTwice extends StepInstrumentation {
  override release(agent: Agent, call: StepCall): void {
    super.release(agent, call)
    super.release(agent, call)
  }
}

/** An agent with a tool, instrumented; the model calls that once in each run, and then answers. */
async function watched(Steps = StepInstrumentation, mode: 'on' | 'off' = 'on') {
  const stage = await createStage([])
  const { telemetry, spans, started, named } = createTracing({ mode })
  const warnings: string[] = []
  const steps = new Steps(telemetry, { warn: (message) => warnings.push(message) })
  const hooks = new WatchedHooks()
  const tools = [buildTool('clock', () => 'noon')]
  const agent = steps.instrument(stage.agent({ telemetry, tools, hooksFor: () => hooks }))
  const answers = [{ items: [buildCall('clock')] }, { items: [buildText('Noon.')] }]
  const ask = () => {
    stage.answer(answers)
    return agent.run('When?')
  }
  return { stage, agent, tools, hooks, telemetry, steps, warnings, ask, spans, started, named }
}

describe('the instrumentation of steps', () => {
  it('gives each round a span, with those of its model request and its tool calls below', async () => {
    const { ask, spans, named, hooks } = await watched()
    expect((await collectRun(ask())).text).toBe('Noon.')
    const [first, second] = named('react step')
    const [agent] = named('invoke_agent clerk')
    const below = (id: string | undefined) =>
      spans()
        .filter(({ parentSpanContext }) => parentSpanContext?.spanId === id)
        .map(({ name }) => name)
    expect(below(agent?.spanContext().spanId)).toEqual(['react step', 'react step'])
    expect(below(first?.spanContext().spanId)).toEqual(['chat gpt-5.1', 'execute_tool clock'])
    expect(below(second?.spanContext().spanId)).toEqual(['chat gpt-5.1'])
    expect([first, second].map((span) => span?.attributes['gen_ai.react.round'])).toEqual([1, 2])
    const reasons = [first, second].map((span) => span?.attributes['gen_ai.react.finish_reason'])
    expect(reasons).toEqual(['tool_call', 'stop'])
    expect(hooks.there).toEqual([])
  })

  it('registers nothing and starts nothing where telemetry is off', async () => {
    const { ask, hooks, started } = await watched(StepInstrumentation, 'off')
    hooks.failsAt = 'preReasoning'
    expect((await collectRun(ask())).text).toBe('Noon.')
    expect(started).toEqual([])
  })

  it('registers before the first pull nothing, and nothing for what was stopped before it', async () => {
    const { ask, hooks } = await watched()
    const run = ask()
    expect(hooks.there).toEqual([])
    await run[Symbol.asyncIterator]().return?.()
    expect((await run.waitForEnding()).kind).toBe('stopped')
    expect(hooks.there).toEqual([])
  })

  it.each(POINTS)('leaves an agent that does not take %s without steps, and as it was', async (point) => {
    const { ask, hooks, started, named } = await watched()
    hooks.failsAt = point
    expect((await collectRun(ask())).text).toBe('Noon.')
    expect(hooks.there).toEqual([])
    expect(started).toEqual(['invoke_agent clerk', 'chat gpt-5.1', 'execute_tool clock', 'chat gpt-5.1'])
    hooks.failsAt = undefined
    await collectRun(ask())
    expect(named('react step')).toHaveLength(2)
  })

  it.each(POINTS)('survives the loss of %s, and warns of it once', async (point) => {
    const { ask, hooks, warnings, started, spans } = await watched()
    const run = ask()
    const iterator = run[Symbol.asyncIterator]()
    await iterator.next()
    expect(hooks.there).toEqual(POINTS)
    hooks.remove(point, 'react-step')
    expect((await run.getFinalResponse()).text).toBe('Noon.')
    expect(warnings).toEqual([`hooks of agent clerk were already removed, so steps are missing: ${point}`])
    expect([hooks.there, started.length - spans().length]).toEqual([[], 0])
    await collectRun(ask())
    expect(warnings).toHaveLength(1)
  })

  it('lets a release be done twice, also while another call needs the hooks', async () => {
    const { ask, hooks, named, warnings } = await watched(ReleasedTwice)
    const long = ask()
    await long[Symbol.asyncIterator]().next()
    const short = ask()
    await short[Symbol.asyncIterator]().next()
    await short.cancel()
    expect(hooks.there).toEqual(POINTS)
    await long.waitForEnding()
    expect([hooks.there, warnings]).toEqual([[], []])
    expect(named('invoke_agent clerk')).toHaveLength(2)
  })

  it('does nothing for a run that began while telemetry was off, though the hooks are there', async () => {
    const { ask, telemetry, hooks, named } = await watched(StepInstrumentation, 'off')
    const before = ask()
    const iterator = before[Symbol.asyncIterator]()
    await iterator.next()
    telemetry.mode = 'on'
    const other = ask()
    await other[Symbol.asyncIterator]().next()
    expect(hooks.there).toEqual(POINTS)
    expect((await before.waitForEnding()).kind).toBe('completed')
    await other.cancel()
    const [step] = named('react step')
    expect([named('react step').length, step?.attributes['gen_ai.react.round']]).toEqual([1, 1])
  })

  it('keeps the outer call’s round where the agent is called from inside its own tool', async () => {
    const { stage, agent, tools, named, spans } = await watched()
    tools.push(agent.asTool({ name: 'ask' }))
    stage.answer([
      { items: [buildCall('ask')] },
      { items: [buildText('Inside.')] },
      { items: [buildText('Outside.')] },
    ])
    expect((await collectRun(agent.run('When?'))).text).toBe('Outside.')
    const rounds = named('react step').map((span) => span.attributes['gen_ai.react.round'])
    expect(rounds.sort()).toEqual([1, 1, 2])
    const [tool] = named('execute_tool ask')
    const inner = named('invoke_agent clerk').find(
      ({ parentSpanContext }) => parentSpanContext?.spanId === tool?.spanContext().spanId,
    )
    const innerStep = spans().find(
      ({ parentSpanContext }) => parentSpanContext?.spanId === inner?.spanContext().spanId,
    )
    expect(innerStep?.name).toBe('react step')
  })

  it('takes a run inside its own tool that began while telemetry was off for no part of the outer call', async () => {
    const { stage, agent, tools, telemetry, named, spans } = await watched()
    const inner = agent.asTool({ name: 'ask' })
    const switchedOff: typeof inner.invoke = (args, invocation) => {
      telemetry.mode = 'off'
      return inner.invoke(args, invocation)
    }
    const switchedOn = buildTool('switch_on', () => {
      telemetry.mode = 'on'
    })
    tools.push({ ...inner, invoke: switchedOff }, switchedOn)
    const calls = ['ask', 'switch_on'].map((tool) => ({ items: [buildCall(tool)] }))
    stage.answer([...calls, { items: [buildText('Inside.')] }, { items: [buildText('Outside.')] }])
    expect((await collectRun(agent.run('When?'))).text).toBe('Outside.')
    const rounds = named('react step').map((span) => span.attributes['gen_ai.react.round'])
    expect(rounds).toEqual([1, 2])
    const [, inside] = named('chat gpt-5.1')
    const [asked] = named('execute_tool ask')
    expect([inside?.parentSpanContext?.spanId, spans().length]).toEqual([asked?.spanContext().spanId, 7])
  })

  it('ends a round with what happens in it, not when the next begins or the run ends', async () => {
    const { ask, agent, named } = await watched()
    const ended: number[] = []
    agent.hooks.register('preReasoning', 'first', () => void ended.push(named('react step').length))
    const run = ask().withResultHook((response) => {
      ended.push(named('react step').length)
      return response
    })
    await collectRun(run)
    expect(ended).toEqual([0, 1, 2])
  })

  it('gives every hook back, in whatever order calls begin, go on and end', async () => {
    const acts = fc.array(fc.record({ call: fc.nat(3), does: fc.constantFrom('pull', 'cancel', 'finish') }), {
      maxLength: 16,
    })
    await fc.assert(
      fc.asyncProperty(acts, async (acts) => {
        const { ask, hooks, started, spans } = await watched()
        const runs = Array.from({ length: 4 }, ask)
        const iterators = runs.map((run) => run[Symbol.asyncIterator]())
        for (const { call, does } of acts) {
          if (does === 'pull') await iterators[call]?.next().catch(() => undefined)
          else if (does === 'cancel') await runs[call]?.cancel()
          else await runs[call]?.waitForEnding()
          expect(new Set(hooks.there).size).toBe(hooks.there.length)
        }
        await Promise.all(runs.map((run) => run.cancel()))
        expect([hooks.there, started.length - spans().length]).toEqual([[], 0])
      }),
      { numRuns: 30 },
    )
  })
})

describe('the hooks of an agent', () => {
  it('take each name once at a point, and fail the run with what they throw', async () => {
    const { agent, ask } = await watched()
    agent.hooks.register('preActing', 'mine', ({ name }, { call }) => {
      throw new Error(`${name} may not call ${call.name}`)
    })
    expect(() => agent.hooks.register('preActing', 'mine', () => {})).toThrow(
      'a preActing hook named mine is already registered',
    )
    const { ending } = await collectRun(ask())
    expect(ending).toMatchObject({ kind: 'failed', error: { message: 'clerk may not call clock' } })
    expect([agent.hooks.remove('preActing', 'mine'), agent.hooks.remove('preActing', 'mine')]).toEqual([
      true,
      false,
    ])
    expect((await collectRun(ask())).text).toBe('Noon.')
  })

  it('are each agent’s own', async () => {
    const { client } = await createStage([])
    const made = new Agent({ name: 'a', instructions: '', model: 'm', client })
    expect(made.withTools([]).hooks).not.toBe(made.hooks)
  })
})
