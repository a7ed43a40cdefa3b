import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readItemText } from '../../harness/history/items.ts'
import type { FactOptions } from '../../mocks/service/options.ts'
import type { Answer, Fault, Item } from '../../mocks/service/types.ts'
import type { MemoryKind } from './session.ts'
import { buildCall, buildHttpFault, buildText, buildTool, collectRun, createStage } from './testing/stage.ts'

const kinds: MemoryKind[] = ['history', 'previous-response', 'conversation-object']

const at = fc.integer({ min: 0, max: 20 })
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constant('failed' as const), at, code: fc.constant('server_error') }),
  fc.record({ kind: fc.constant('incomplete' as const), at, reason: fc.constant('max_output_tokens') }),
  fc.record({ kind: fc.constantFrom('eof' as const, 'reset' as const), at }),
  fc.record({ kind: fc.constant('garbage' as const), at, data: fc.constant('<html>') }),
  fc.constant<Fault>(buildHttpFault(400)),
)

const reasoning: Item = { type: 'reasoning', summary: ['First this.'], encrypted: false }
const thinking = (items: readonly Item[]) =>
  fc.boolean().map((first) => (first ? [reasoning, ...items] : [...items]))

/** A turn: one or two tool rounds, then a text; perhaps one answer of it is spoiled. */
const turn = fc
  .tuple(
    fc.array(
      fc
        .constantFrom(
          [buildCall('clock')],
          [buildCall('clock'), buildCall('clock')],
          [buildCall('clock'), reasoning],
        )
        .chain(thinking),
      {
        maxLength: 2,
      },
    ),
    thinking([buildText('It is noon.')]),
    fc.option(fc.tuple(fc.nat(2), fault)),
  )
  .map(([rounds, last, spoiled]): Answer[] =>
    [...rounds, last].map((items, index) =>
      spoiled?.[0] === index ? { items, faults: [spoiled[1]] } : { items },
    ),
  )

const facts: fc.Arbitrary<Partial<FactOptions>> = fc.record({
  afterCut: fc.constantFrom('keep-done-items', 'completed', 'cancelled', 'not-found'),
  incompleteCalls: fc.constantFrom('need-no-output', 'need-output'),
  conversationAfterIncomplete: fc.constantFrom('items', 'nothing'),
  conversationAfterFailed: fc.constantFrom('nothing', 'input'),
  continueFailed: fc.constantFrom('accept', 'refuse'),
  secondOutput: fc.constantFrom('accept', 'refuse'),
})

const clock = buildTool('clock', () => 'noon')

describe.each(kinds)('a session kept by %s', (kind) => {
  it('is accepted by the service after every turn, however that ended, and forgets no turn that ended well', async () => {
    const setup = fc.record({
      turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
      stream: fc.boolean(),
      store: kind === 'history' ? fc.boolean() : fc.constant(true),
      facts,
    })
    await fc.assert(
      fc.asyncProperty(setup, async ({ turns, stream, store, facts }) => {
        const stage = await createStage([], { facts })
        const agent = stage.agent({ tools: [clock] })
        const session = agent.createSession(kind)
        const well: string[] = []
        for (const [number, answers] of [...turns, [{ items: [buildText('Last.')] }]].entries()) {
          stage.answer(answers)
          const { ending } = await collectRun(agent.run(`turn ${number}`, { session, stream, store }))
          if (ending.kind === 'completed' && ending.result.status === 'completed') well.push(`turn ${number}`)
        }
        expect(stage.refused).toEqual([])
        const seen = (stage.contexts.at(-1) ?? []).filter(({ role }) => role === 'user').map(readItemText)
        expect(seen.filter((text) => well.includes(text))).toEqual(well)
      }),
      { numRuns: 60 },
    )
  })
})

describe('a session', () => {
  it('names the last response of the service, and keeps that when a run fails', async () => {
    const stage = await createStage([
      { items: [buildText('One.')] },
      { items: [buildCall('clock')] },
      { items: [buildText('never')], faults: [{ kind: 'eof', at: 99 }] },
    ])
    const agent = stage.agent({ tools: [clock] })
    const session = agent.createSession()
    const { response } = await agent.run('one', { session }).getFinalResponse()
    expect(session.serviceSessionId).toBe(response.id)
    await collectRun(agent.run('two', { session }))
    expect(session.serviceSessionId).toBe(response.id)
  })

  it('has a conversation object from its first turn, and a new one after a turn that left calls in it', async () => {
    const stage = await createStage([
      { items: [buildText('One.')] },
      { items: [buildCall('clock')] },
      { items: [buildText('never')], faults: [{ kind: 'failed', at: 4, code: 'server_error' }] },
      { items: [buildText('Three.')] },
    ])
    const agent = stage.agent({ tools: [clock] })
    const session = agent.createSession('conversation-object')
    await agent.run('one', { session }).getFinalResponse()
    const [first] = stage.conversations()
    expect(session.serviceSessionId).toBe(first)
    await collectRun(agent.run('two', { session }))
    expect((await collectRun(agent.run('three', { session }))).text).toBe('Three.')
    const [, second] = stage.conversations()
    expect([session.serviceSessionId, stage.conversations().length]).toEqual([second, 2])
    const users = (stage.contexts.at(-1) ?? []).filter(({ role }) => role === 'user')
    expect(users.map(readItemText)).toEqual(['one', 'three'])
  })

  it('gives its record to one conversation object once, also when the first answer there fails', async () => {
    const incomplete: Fault = { kind: 'incomplete', at: 99, reason: 'max_output_tokens' }
    const stage = await createStage(
      [
        { items: [buildCall('clock')], faults: [incomplete] },
        { items: [buildText('never')], faults: [{ kind: 'failed', at: 4, code: 'server_error' }] },
        { items: [buildText('Three.')] },
      ],
      { facts: { conversationAfterFailed: 'input' } },
    )
    const agent = stage.agent({ tools: [clock] })
    const session = agent.createSession('conversation-object')
    for (const message of ['one', 'two', 'three']) await collectRun(agent.run(message, { session }))
    const users = (stage.contexts.at(-1) ?? []).filter(({ role }) => role === 'user')
    expect(users.map(readItemText)).toEqual(['one', 'three'])
  })

  it('carries its reasoning encrypted where the service stores nothing', async () => {
    const stage = await createStage([
      { items: [reasoning, buildText('One.')] },
      { items: [buildText('Two.')] },
    ])
    const agent = stage.agent()
    const session = agent.createSession('history')
    await agent.run('one', { session, store: false }).getFinalResponse()
    await agent.run('two', { session, store: false }).getFinalResponse()
    const carried = (stage.contexts[1] ?? []).find(({ type }) => type === 'reasoning')
    expect(carried).toMatchObject({ encrypted_content: expect.any(String) })
    expect(stage.refused).toEqual([])
  })

  it('without the service to store, is kept by the client whatever it was to be', async () => {
    const stage = await createStage([{ items: [buildText('One.')] }, { items: [buildText('Two.')] }])
    const agent = stage.agent()
    const session = agent.createSession('previous-response')
    await agent.run('one', { session, store: false }).getFinalResponse()
    await agent.run('two', { session, store: false }).getFinalResponse()
    expect(stage.requests[1]?.['input']).toHaveLength(3)
    expect([session.serviceSessionId, stage.refused]).toEqual([undefined, []])
  })

  it('of many runs at once: each has its own', async () => {
    const answers = Array.from(
      { length: 8 },
      (_, at): Answer => ({ agent: `mark-${at}.`, items: [buildText(`to ${at}`)] }),
    )
    const stage = await createStage([...answers, ...answers])
    const agent = stage.agent()
    const talk = async (_: unknown, at: number) => {
      const session = agent.createSession()
      const first = await collectRun(agent.run(`mark-${at}.`, { session }))
      const second = await collectRun(agent.run('again', { session }))
      return [first.text, second.text]
    }
    const texts = await Promise.all(Array.from({ length: 8 }, talk))
    expect(texts).toEqual(Array.from({ length: 8 }, (_, at) => [`to ${at}`, `to ${at}`]))
  })
})
