import { describe, expect, it } from 'vitest'
import type { Fault } from '../../mocks/service/types.ts'
import type { ContextProvider } from './context-provider.ts'
import {
  buildCall,
  buildHttpFault,
  buildText,
  buildTool,
  collectRun,
  createStage,
  createTracing,
  readError,
} from './testing/stage.ts'
import type { FunctionTool } from './tools.ts'

const faults: [string, Fault, { name: string; code?: string; status?: number }][] = [
  [
    'response.failed',
    { kind: 'failed', at: 99, code: 'server_error' },
    { name: 'ResponseFailedError', code: 'server_error' },
  ],
  [
    'a nested error event',
    { kind: 'error-event', at: 5, form: 'nested', code: 'rate_limit_exceeded' },
    { name: 'APIError', code: 'rate_limit_exceeded' },
  ],
  [
    'a flat error event',
    { kind: 'error-event', at: 5, form: 'flat', code: 'server_error' },
    { name: 'APIError', code: 'server_error' },
  ],
  ['an end without terminal event', { kind: 'eof', at: 99 }, { name: 'StreamCutError' }],
  ['a reset', { kind: 'reset', at: 5 }, { name: 'TypeError' }],
  ['garbage', { kind: 'garbage', at: 5, data: '<html>' }, { name: 'SyntaxError' }],
  ['a refusal over HTTP', buildHttpFault(403), { name: 'PermissionDeniedError', status: 403 }],
]

function counting() {
  const log: string[] = []
  const provider: ContextProvider = {
    beforeRun: () => void log.push('before'),
    afterRun: (_, { status }) => void log.push(`after ${status}`),
  }
  return { log, provider }
}

describe.each([true, false])('a run whose answers are streamed: %s', (stream) => {
  const possible = faults.filter(([, { kind }]) => stream || kind !== 'error-event')

  it.each(possible)('fails with its own error on %s, after a tool result', async (_, fault, error) => {
    const stage = await createStage([
      { items: [buildCall('clock')] },
      { items: [buildText('It is noon.')], faults: [fault] },
    ])
    const { log, provider } = counting()
    const agent = stage.agent({ tools: [buildTool('clock', () => 'noon')], contextProviders: [provider] })
    const { text, ending } = await collectRun(agent.run('What time is it?', { stream }))
    const found = readError(ending)
    const { code, status } = found
    expect({ name: found.constructor.name, code: code ?? undefined, status }).toMatchObject(
      // A JSON answer that is cut or is none cannot be read.
      stream || error.name === 'ResponseFailedError' || fault.kind === 'http' || fault.kind === 'reset'
        ? error
        : { name: 'SyntaxError' },
    )
    expect('It is noon.'.startsWith(text)).toBe(true)
    expect(log).toEqual(['before'])
    expect(stage.requests).toHaveLength(2)
  })

  it('succeeds once when a request is retried: nothing twice', async () => {
    const faults = [buildHttpFault(429), buildHttpFault(500)]
    const stage = await createStage([{ items: [buildText('It is noon.')], faults }])
    const { log, provider } = counting()
    const agent = stage.agent({ contextProviders: [provider] })
    const { text, ending } = await collectRun(agent.run('What time is it?', { stream }))
    expect(ending).toMatchObject({ kind: 'completed', result: { status: 'completed', text: 'It is noon.' } })
    expect(text).toBe('It is noon.')
    expect(log).toEqual(['before', 'after completed'])
    expect(stage.requests).toHaveLength(3)
  })

  it('ends incomplete, its calls not run, and says so', async () => {
    const incomplete: Fault = { kind: 'incomplete', at: 99, reason: 'max_output_tokens' }
    const stage = await createStage([
      { items: [buildCall('clock'), buildCall('clock')], faults: [incomplete] },
    ])
    const { log, provider } = counting()
    const calls: unknown[] = []
    const tools = [buildTool('clock', (args) => calls.push(args))]
    const { ending } = await collectRun(
      stage.agent({ tools, contextProviders: [provider] }).run('Go', { stream }),
    )
    expect(ending).toMatchObject({ kind: 'completed', result: { status: 'incomplete' } })
    expect(log).toEqual(['before', 'after incomplete'])
    expect([calls, stage.requests.length]).toEqual([[], 1])
  })
})

describe('tools', () => {
  it('run all at once and answer in the order of their calls', async () => {
    const stage = await createStage([
      { items: [buildCall('slow'), buildCall('fast')] },
      { items: [buildText('Done.')] },
    ])
    const released = Promise.withResolvers<string>()
    const tools = [
      buildTool('slow', () => released.promise),
      buildTool('fast', () => {
        released.resolve('slow is done')
        return { fast: true }
      }),
    ]
    const { usage } = await stage.agent({ tools }).run('Go').getFinalResponse()
    const outputs = stage.requests[1]?.['input'] as { output?: string }[]
    expect(outputs.slice(-2).map(({ output }) => output)).toEqual(['slow is done', '{"fast":true}'])
    expect(usage.inputTokens).toBeGreaterThan(0)
  })

  it.each([
    ['throws', 'known', 'The tool failed: no such city'],
    ['is not there', 'unknown', 'The tool failed: there is no tool named unknown'],
  ])('one that %s: its error is told to the model', async (_, named, told) => {
    const stage = await createStage([{ items: [buildCall(named)] }, { items: [buildText('Sorry.')] }])
    const failing = buildTool('known', () => {
      throw new Error('no such city')
    })
    // The service makes a call only of tools that it was told of.
    const agent = stage.agent({ tools: [failing] })
    if (named === 'unknown')
      Object.assign(agent.definition, {
        settings: { tools: [{ type: 'function', name: named, parameters: {}, strict: false }] },
      })
    const { text } = await agent.run('Go').getFinalResponse()
    expect(text).toBe('Sorry.')
    expect(JSON.stringify(stage.requests[1])).toContain(told)
  })

  it('give up after 64 answers with calls', async () => {
    const stage = await createStage([{ items: [buildCall('again')], always: true }])
    const { ending } = await collectRun(
      stage.agent({ tools: [buildTool('again', () => 'once more')] }).run('Go'),
    )
    expect(readError(ending).name).toBe('AnswerLimitError')
    expect(stage.requests).toHaveLength(64)
  })
})

describe('an agent as a tool', () => {
  it('runs by itself, also inside its own tool; its usage counts, its updates are its own', async () => {
    const stage = await createStage([
      { items: [buildCall('ask', { task: 'inner' })] },
      { items: [buildCall('ask', { task: 'innermost' })] },
      { items: [buildText('Deep.')] },
      { items: [buildText('Middle.')] },
      { items: [buildText('Top.')] },
    ])
    const tools: FunctionTool[] = []
    const { telemetry, named } = createTracing()
    const agent = stage.agent({ tools, telemetry })
    tools.push(agent.asTool({ name: 'ask' }))
    const session = agent.createSession('history')
    const { text, ending } = await collectRun(agent.run('outer', { session }))
    expect(text).toBe('Top.')
    const inputs = stage.requests.map(({ input }) => (input as { content?: string }[])[0]?.content)
    expect(inputs).toEqual(['outer', 'inner', 'innermost', 'inner', 'outer'])
    expect(session.state.unsent).toHaveLength(4)
    const used = named('chat gpt-5.1').map(({ attributes }) =>
      Number(attributes['gen_ai.usage.output_tokens']),
    )
    const outputTokens = used.reduce((sum, tokens) => sum + tokens, 0)
    expect([used.length, ending]).toMatchObject([5, { result: { usage: { outputTokens } } }])
  })

  it('that fails tells its error to the model that called it', async () => {
    const stage = await createStage([
      { items: [buildCall('ask', { task: 'inner' })] },
      { items: [buildText('never')], faults: [{ kind: 'failed', at: 4, code: 'server_error' }] },
      { items: [buildText('Alone, then.')] },
    ])
    const inner = stage.agent({ name: 'inner' })
    const outer = stage.agent({ tools: [inner.asTool({ name: 'ask' })] })
    const { text } = await collectRun(outer.run('outer'))
    expect(text).toBe('Alone, then.')
  })
})

describe('hooks that throw', () => {
  it.each(['beforeRun', 'afterRun'] as const)(
    '%s fails the run with its error, the session as before',
    async (name) => {
      const stage = await createStage([{ items: [buildText('First.')] }, { items: [buildText('Second.')] }])
      let broken = true
      const failing: ContextProvider = {
        [name]: () => {
          if (broken) throw new RangeError('not today')
        },
      }
      const agent = stage.agent({ contextProviders: [failing] })
      const session = agent.createSession('history')
      const cleaned: string[] = []
      const stream = agent.run('one', { session }).withCleanupHook(({ kind }) => void cleaned.push(kind))
      expect(readError((await collectRun(stream)).ending)).toBeInstanceOf(RangeError)
      expect([session.state.unsent, cleaned.length]).toEqual([[], 1])
      broken = false
      await agent.run('two', { session }).getFinalResponse()
      expect(stage.requests.at(-1)?.['input']).toEqual([{ role: 'user', content: 'two' }])
    },
  )
})
