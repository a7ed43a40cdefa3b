import { AsyncLocalStorage } from 'node:async_hooks'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace-base'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { buildCall, buildText, buildTool, collectRun, createStage, createTracing } from '../testing/stage.ts'
import type { TelemetryMode } from './telemetry-mode.ts'

const SECRET = 'sesame'
const weather = () => [
  { items: [buildCall('weather', { city: SECRET })] },
  { items: [buildText(`It rains, ${SECRET}.`)] },
]
const clock = () => buildTool('weather', () => `rain ${SECRET}`)

const parentOf = ({ parentSpanContext }: ReadableSpan) => parentSpanContext?.spanId

describe('the spans of a run', () => {
  it('are one tree after the conventions, with ids, usage and reasons, and no status on success', async () => {
    const stage = await createStage(weather())
    const { telemetry, named, spans } = createTracing()
    const agent = stage.agent({ telemetry, tools: [clock()] })
    await agent.run(SECRET).getFinalResponse()
    const [run] = named('invoke_agent clerk')
    const chats = named('chat gpt-5.1')
    const [tool] = named('execute_tool weather')
    expect(spans()).toHaveLength(4)
    for (const span of [...chats, tool])
      expect(parentOf(span as ReadableSpan)).toBe(run?.spanContext().spanId)
    expect(chats.map(({ attributes }) => attributes['gen_ai.response.finish_reasons'])).toEqual([
      ['tool_call'],
      ['stop'],
    ])
    expect(chats[1]?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5.1',
      'gen_ai.response.model': expect.any(String),
      'gen_ai.response.id': expect.stringMatching(/^resp_/),
      'gen_ai.usage.input_tokens': expect.any(Number),
      'gen_ai.usage.output_tokens': expect.any(Number),
    })
    expect(tool?.attributes).toMatchObject({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'weather',
      'gen_ai.tool.call.id': expect.stringMatching(/^call_/),
    })
    expect(run?.attributes).toMatchObject({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'clerk',
    })
    for (const { status, attributes } of spans()) {
      expect(status.code).toBe(SpanStatusCode.UNSET)
      expect(attributes).not.toHaveProperty('error.type')
    }
    expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain(SECRET)
  })

  it('hold what was said only when they are to: messages, arguments, results', async () => {
    const stage = await createStage(weather())
    const { telemetry, named } = createTracing({ mode: 'sensitive' })
    await stage
      .agent({ telemetry, tools: [clock()] })
      .run(SECRET)
      .getFinalResponse()
    const [tool] = named('execute_tool weather')
    expect(tool?.attributes).toMatchObject({
      'gen_ai.tool.call.arguments': `{"city":"${SECRET}"}`,
      'gen_ai.tool.call.result': `rain ${SECRET}`,
    })
    const said = (name: string) => JSON.parse(String(named('chat gpt-5.1')[1]?.attributes[name])) as unknown
    expect(said('gen_ai.input.messages')).toMatchObject([
      { role: 'user', parts: [{ type: 'text', content: SECRET }] },
      { role: 'assistant', parts: [{ type: 'tool_call', name: 'weather' }] },
      { role: 'tool', parts: [{ type: 'tool_call_response', response: `rain ${SECRET}` }] },
    ])
    expect(said('gen_ai.output.messages')).toMatchObject([
      {
        role: 'assistant',
        parts: [{ type: 'text', content: `It rains, ${SECRET}.` }],
        finish_reason: 'stop',
      },
    ])
  })

  it('tell a failure by ERROR and error.type, of the run and of the request; its message only with content', async () => {
    for (const mode of ['on', 'sensitive'] as const) {
      const stage = await createStage([{ items: [buildText('never')], faults: [{ kind: 'eof', at: 5 }] }])
      const { telemetry, spans } = createTracing({ mode })
      await collectRun(stage.agent({ telemetry }).run('Go'))
      expect(spans().map(({ name }) => name)).toEqual(['chat gpt-5.1', 'invoke_agent clerk'])
      for (const { status, attributes } of spans()) {
        expect(status.code).toBe(SpanStatusCode.ERROR)
        expect(status.message !== undefined).toBe(mode === 'sensitive')
        expect(attributes['error.type']).toBe('StreamCutError')
      }
    }
  })

  it('tell a failure of the last hook, and end once that is over', async () => {
    const stage = await createStage([{ items: [buildText('Fine.')] }])
    const { telemetry, named } = createTracing()
    const failing = { afterRun: () => Promise.reject(new RangeError('full')) }
    await collectRun(stage.agent({ telemetry, contextProviders: [failing] }).run('Go'))
    expect(named('invoke_agent clerk')[0]?.attributes['error.type']).toBe('RangeError')
    expect(named('chat gpt-5.1')[0]?.status.code).toBe(SpanStatusCode.UNSET)
  })

  it('put an agent that is a tool under its call', async () => {
    const stage = await createStage([
      { items: [buildCall('ask', { task: 'x' })] },
      { items: [buildText('in')] },
      { items: [buildText('out')] },
    ])
    const { telemetry, named } = createTracing()
    const inner = stage.agent({ name: 'inner', telemetry })
    await stage
      .agent({ telemetry, tools: [inner.asTool({ name: 'ask' })] })
      .run('Go')
      .getFinalResponse()
    const [under] = named('invoke_agent inner')
    expect(parentOf(under as ReadableSpan)).toBe(named('execute_tool ask')[0]?.spanContext().spanId)
  })

  it('stand under the span that was active at the call, whichever pulls come from elsewhere, and change nobody’s', async () => {
    const manager = new AsyncLocalStorageContextManager().enable()
    context.setGlobalContextManager(manager)
    onTestFinished(() => context.disable())
    const stage = await createStage(weather())
    const { telemetry, provider, spans } = createTracing()
    const caller = provider.getTracer('test').startSpan('caller')
    const agent = stage.agent({ telemetry, tools: [clock()] })
    const stream = context.with(trace.setSpan(context.active(), caller), () => agent.run('Go'))
    const iterator = stream[Symbol.asyncIterator]()
    const own = new AsyncLocalStorage<number>()
    for (let pull = 0; ; pull++) {
      const other = provider.getTracer('test').startSpan(`pull ${pull}`)
      const done = await own.run(pull, () =>
        context.with(trace.setSpan(context.active(), other), async () => {
          const { done } = await iterator.next()
          expect([own.getStore(), trace.getActiveSpan()]).toEqual([pull, other])
          return done
        }),
      )
      if (done) break
    }
    const [run] = spans().filter(({ name }) => name === 'invoke_agent clerk')
    expect(parentOf(run as ReadableSpan)).toBe(caller.spanContext().spanId)
    const under = spans().filter((span) => parentOf(span) === run?.spanContext().spanId)
    expect(under).toHaveLength(3)
  })
})

describe('the mode', () => {
  it('can change at any moment: each span that was started ends once, and the run is the same', async () => {
    const modes = fc.array(fc.constantFrom<TelemetryMode>('off', 'on', 'sensitive'), {
      minLength: 1,
      maxLength: 30,
    })
    await fc.assert(
      fc.asyncProperty(modes, async (modes) => {
        const stage = await createStage(weather())
        const { telemetry, spans, started } = createTracing({ mode: modes[0] as TelemetryMode })
        const stream = stage.agent({ telemetry, tools: [clock()] }).run(SECRET)
        let at = 0
        stream.withTransformHook((update) => {
          telemetry.mode = modes[++at % modes.length] as TelemetryMode
          return update
        })
        expect((await collectRun(stream)).text).toBe(`It rains, ${SECRET}.`)
        expect(spans()).toHaveLength(started.length)
        if (!modes.includes('sensitive'))
          expect(JSON.stringify(spans().map(({ attributes }) => attributes))).not.toContain(SECRET)
      }),
      { numRuns: 60 },
    )
  })

  it('sensitive asked for in the middle of an operation is for the operations after it', async () => {
    const stage = await createStage(weather())
    const { telemetry, named } = createTracing()
    const stream = stage.agent({ telemetry, tools: [clock()] }).run(SECRET)
    stream.withTransformHook((update) => {
      telemetry.mode = 'sensitive'
      return update
    })
    await stream.getFinalResponse()
    const held = ['chat gpt-5.1', 'execute_tool weather', 'invoke_agent clerk'].map((name) =>
      named(name).map(({ attributes }) => JSON.stringify(attributes).includes(SECRET)),
    )
    expect(held).toEqual([[false, true], [true], [false]])
  })

  it('off makes none', async () => {
    const stage = await createStage(weather())
    const { telemetry, started } = createTracing({ mode: 'off' })
    await stage
      .agent({ telemetry, tools: [clock()] })
      .run('Go')
      .getFinalResponse()
    expect(started).toEqual([])
  })
})

describe('telemetry that breaks', () => {
  const broken = (where: 'onStart' | 'onEnd'): SpanProcessor => ({
    onStart: () => {
      if (where === 'onStart') throw new Error('the processor throws')
    },
    onEnd: () => {
      if (where === 'onEnd') throw new Error('the processor throws')
    },
    forceFlush: async () => {},
    shutdown: async () => {},
  })

  it.each(['onStart', 'onEnd'] as const)('in %s reaches no run, and is told once', async (where) => {
    const stage = await createStage([
      ...weather(),
      { items: [buildText('never')], faults: [{ kind: 'eof', at: 4 }] },
    ])
    const told: unknown[] = []
    const onTelemetryError = (error: unknown) => {
      told.push(error)
      throw new Error('the sink throws, too')
    }
    const { telemetry } = createTracing({ onTelemetryError }, [broken(where)])
    const agent = stage.agent({ telemetry, tools: [clock()] })
    expect((await collectRun(agent.run('Go'))).ending).toMatchObject({ kind: 'completed' })
    expect((await collectRun(agent.run('Go'))).ending).toMatchObject({ error: { name: 'StreamCutError' } })
    expect(told).toHaveLength(1)
  })

  it('in its provider is as if there were none', async () => {
    const stage = await createStage(weather())
    const { telemetry } = createTracing({
      tracerProvider: {
        getTracer: () => {
          throw new Error('no tracer')
        },
      },
    })
    const agent = stage.agent({ telemetry, tools: [clock()] })
    expect((await collectRun(agent.run('Go'))).ending.kind).toBe('completed')
  })
})
