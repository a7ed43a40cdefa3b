import { describe, expect, it, vi } from 'vitest'
import type { ToolCall } from '../../harness/contract/runtime.ts'
import type { AgentSpec, SessionMode } from '../../harness/plan/types.ts'
import type { Fault } from '../../mocks/service/types.ts'

// Under any other value the SDK switches its tracing off without a word.
vi.stubEnv('NODE_ENV', 'production')
const { listSessions } = await import('./memory.ts')
const { agent, looks, openStage, buildRunRequest: requestOf, says } = await import('./testing/stage.ts')

describe('a conversation', () => {
  it('is kept only in ways that the version has', () => {
    expect(listSessions('0.0.17')).toEqual(['history', 'previous-response', 'runtime-default'])
    expect(listSessions('0.1.0')).toContain('conversation-object')
  })

  it.each<[SessionMode, object[]]>([
    ['history', [{ input: { length: 1 } }, { input: { length: 3 } }, { input: { length: 5 } }]],
    ['runtime-default', [{ input: { length: 1 } }, { input: { length: 3 } }, { input: { length: 5 } }]],
    [
      'previous-response',
      [{}, {}, { input: { length: 1 }, previous_response_id: expect.stringMatching(/^resp_/) }],
    ],
    [
      'conversation-object',
      [1, 2, 3].map(() => ({ input: { length: 1 }, conversation: expect.stringMatching(/^conv_/) })),
    ],
  ])('is carried by %s', async (session, bodies) => {
    const stage = await openStage([looks, says('one'), says('two')])
    const first = await stage.turn(0, { session })
    const second = await stage.turn(1, { session, stream: false })
    await stage.close()
    expect(first.outcome).toMatchObject({ status: 'completed', text: 'one', agent: 'agent' })
    expect(second.outcome).toMatchObject({ status: 'completed', text: 'two' })
    expect(second.outcome.usage?.output).toBeGreaterThan(0)
    const requests = stage.requests.filter(({ model }) => model !== undefined)
    expect(requests).toMatchObject(bodies)
  })

  it.each<[string, Fault]>([
    ['a failed response', { kind: 'failed', at: 3, code: 'server_error' }],
    ['an incomplete response', { kind: 'incomplete', at: 3, reason: 'max_output_tokens' }],
    ['an end of stream', { kind: 'eof', at: 3 }],
    ['a reset', { kind: 'reset', at: 3 }],
    ['garbage', { kind: 'garbage', at: 3, data: '<html>' }],
    ['a refused request', { kind: 'http', status: 400 }],
  ])('goes on from where it stood before %s', async (_, fault) => {
    vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const stream of [true, false])
      for (const session of ['history', 'previous-response'] as const) {
        const stage = await openStage([{ ...says('lost'), faults: [fault] }, says('found')])
        const spoiled = await stage.turn(0, { stream, session })
        const next = await stage.turn(1, { stream, session })
        await stage.close()
        expect(spoiled.outcome).toMatchObject({
          status: 'failed',
          error: { message: expect.stringMatching(/./) },
        })
        expect(next.outcome).toMatchObject({ status: 'completed', text: 'found' })
        expect(stage.requests.at(-1)).not.toHaveProperty('previous_response_id')
        expect(JSON.stringify(stage.requests.at(-1))).not.toContain('say 0')
        expect(stage.hooks.map(({ run, name }) => `${run} ${name}`)).toEqual([
          'c0.t0 before_run',
          'c0.t1 before_run',
          'c0.t1 after_run',
        ])
      }
  })
})

describe('a tool', () => {
  it('is told whose call it is, and when the run is stopped', async () => {
    const called = Promise.withResolvers<ToolCall>()
    const stage = await openStage([looks], {
      tool: (call) => {
        called.resolve(call)
        return new Promise((_, reject) =>
          call.signal?.addEventListener('abort', () => reject(new Error('off'))),
        )
      },
    })
    const stop = new AbortController()
    const run = stage.team.start(requestOf(0, { stream: false, signal: stop.signal }))
    expect(await called.promise).toMatchObject({
      run: 'c0.t0',
      name: 'look',
      agent: 'agent',
      id: expect.stringMatching(/^call_/),
      args: {},
    })
    stop.abort()
    expect((await run.outcome()).status).toBe('stopped')
    await stage.close()
    expect(stage.requests).toHaveLength(1)
  })

  it('that is an agent runs within the run, and is no tool of the harness', async () => {
    const asking: AgentSpec = {
      ...agent,
      tools: [
        {
          name: 'ask',
          parameters: {
            type: 'object',
            properties: { value: { type: 'string' } },
            required: ['value'],
            additionalProperties: false,
          },
          does: [{ kind: 'agent', agent: 'other' }],
        },
      ],
    }
    const called: string[] = []
    const stage = await openStage(
      [{ items: [{ type: 'call', tool: 'ask', args: { value: 'x' } }] }, looks, says('inner'), says('outer')],
      {
        team: [asking, { ...agent, name: 'other', instructions: 'You answer agents.' }],
        tool: async ({ name }) => called.push(name),
      },
    )
    const { outcome } = await stage.turn(0)
    await stage.close()
    expect(outcome).toMatchObject({ status: 'completed', text: 'outer', agent: 'agent' })
    expect(called).toEqual(['look'])
    expect(stage.requests.map(({ instructions }) => instructions)).toEqual([
      'You are a careful assistant.',
      'You answer agents.',
      'You answer agents.',
      'You are a careful assistant.',
    ])
    const names = stage.spans.flatMap(({ at, name }) => (at === 'end' ? [name] : []))
    expect(names).toEqual(
      expect.arrayContaining(['invoke_agent other', 'execute_tool ask', 'invoke_agent agent']),
    )
    expect(names.filter((name) => name === 'chat')).toHaveLength(4)
  })
})

describe('a stop', () => {
  it.each(['abort', 'return', 'drop'] as const)(
    'of kind %s ends a streamed run, its spans too',
    async (how) => {
      const stage = await openStage([says('one two three four five')])
      const stop = new AbortController()
      const run = stage.team.start(requestOf(0, { signal: stop.signal }))
      const updates = run.updates[Symbol.asyncIterator]()
      await updates.next()
      if (how === 'abort') stop.abort()
      if (how === 'return') await updates.return?.()
      if (how !== 'drop') expect((await run.outcome()).status).toBe('stopped')
      await stage.close()
      // A dropped run is ended by the requests and tools that fail when the team is closed.
      expect((await run.outcome()).status).toBe(how === 'drop' ? 'failed' : 'stopped')
      expect(stage.hooks.map(({ name }) => name)).toEqual(['before_run'])
      const of = (at: string) => stage.spans.filter((span) => span.at === at).map(({ id }) => id)
      expect(of('end').sort()).toEqual(of('start').sort())
    },
  )
})

describe('telemetry', () => {
  it.each([
    ['off', 0, false],
    ['on', 2, false],
    ['sensitive', 2, true],
  ] as const)('that is %s', async (mode, chats, content) => {
    const stage = await openStage([looks, says('secret answer')], { mode, tool: async () => 'secret result' })
    await stage.turn(0, { input: 'secret question' })
    await stage.close()
    expect(stage.spans.filter(({ at, name }) => at === 'end' && name === 'chat')).toHaveLength(chats)
    if (mode === 'off') expect(stage.spans).toEqual([])
    for (const secret of ['secret question', 'secret answer', 'secret result'])
      expect(JSON.stringify(stage.spans).includes(secret), secret).toBe(content)
  })
})
