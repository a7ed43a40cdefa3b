import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPlans } from '../../plan/arbitraries/plan.ts'
import { listSmallerPlans } from '../../plan/smaller.ts'
import type { AgentSpec } from '../../plan/types.ts'
import {
  attributeToConversation,
  endsWithOwnMessage,
  findAskingAgent,
  indexCanaries,
  listOfferedHandoffs,
  readLastUserText,
} from './attribution.ts'

describe('attribution', () => {
  it('lays a text to its conversation, also in a plan that was made smaller', () => {
    fc.assert(
      fc.property(arbitraryPlans({ conversations: { min: 2, max: 3 } }), (plan) => {
        for (const less of [plan, ...listSmallerPlans(plan)])
          for (const [index, { turns }] of less.conversations.entries())
            for (const [turn, { say }] of turns.entries())
              expect(attributeToConversation([{ content: say }], indexCanaries(less), null)).toEqual({
                conversation: index,
                turn,
                carries: [index],
              })
      }),
      { numRuns: 20 },
    )
  })

  it('falls back on the cause where nothing or more than one decides, and keeps whose texts there are', () => {
    const canaries = new Map([
      ['canary-0.0.0-00000000', { conversation: 0, turn: 0 }],
      ['canary-1.0.0-11111111', { conversation: 1, turn: 0 }],
    ])
    expect(attributeToConversation('nothing', canaries, 1)).toEqual({ conversation: 1, carries: [] })
    expect(attributeToConversation('nothing', canaries, null)).toEqual({ conversation: null, carries: [] })
    const both = 'canary-0.0.0-00000000 canary-1.0.0-11111111'
    expect(attributeToConversation(both, canaries, 1)).toEqual({ conversation: 1, carries: [0, 1] })
  })
})

describe('a request that ends with', () => {
  const canaries = new Map([['canary-0.0.0-00000000', { conversation: 0, turn: 0 }]])
  const said = { role: 'user', content: 'canary-0.0.0-00000000 Hello?' }
  const own = { role: 'user', content: 'Continue.' }
  const output = { type: 'function_call_output', call_id: 'call', output: '{}' }

  it.each([
    ['a user message without a text of the plan', [said, own], true],
    ['the whole input of a body', { input: 'Continue.' }, true],
    ['what the user said', [own, said], false],
    ['an answer of the model', [said, { role: 'assistant', content: 'OK.' }], false],
    ['a result of a tool', [said, output], false],
  ])('%s: whether the runtime wrote it itself', (_, seen, is) =>
    expect(endsWithOwnMessage(seen, canaries)).toBe(is),
  )
})

describe('the agent that asks', () => {
  const specs = ['You weigh.', 'You write.'].map(
    (instructions, at): AgentSpec => ({ name: `agent${at}`, instructions, tools: [], handoffs: [] }),
  )
  const told = (text: string, role = 'system') => ({ type: 'message', role, content: text })
  const asks = { input: [{ role: 'user', content: 'Go on.' }] }

  it.each([
    ['the instructions of its request', { ...asks, instructions: 'Today. You write.' }, [], 'agent1'],
    ['a message of its request', { input: [told('You write.')] }, [told('You weigh.')], 'agent1'],
    ['what its context was told', asks, [told('You write.')], 'agent1'],
    ['what its context was told last', asks, [told('You write.'), told('You weigh.')], 'agent0'],
    ['nothing that the user said', asks, [told('You weigh.', 'user')], undefined],
  ])('is known by %s', (_, body, context, name) => {
    expect(findAskingAgent(specs, body, context)).toBe(name)
  })

  it('is the only one of its team', () => expect(findAskingAgent(specs.slice(0, 1), asks)).toBe('agent0'))
})

describe('the last user message', () => {
  const say = { role: 'user', content: 'canary-0.0.0-00000000 what is the weather?' }

  it('is none that the runtime added, so a reminder does not make a run a nested one', () => {
    const reminder = { role: 'user', content: 'Remember to be brief.' }
    expect(readLastUserText([say, reminder])).toBe(say.content)
    expect(readLastUserText({ input: [reminder, say, reminder] })).toBe(say.content)
    expect(readLastUserText([reminder, { role: 'user', content: '{}' }])).toBe('{}')
  })
})

describe('the handoffs that a request offers', () => {
  const agent = (name: string, handoffs: string[], tools: AgentSpec['tools'] = []): AgentSpec => ({
    name,
    instructions: name,
    tools,
    handoffs,
  })
  const asks = { name: 'ask_researcher', parameters: {}, does: [{ kind: 'agent' as const, agent: 'atlas' }] }
  const team = [
    agent('coordinator', ['researcher', 'Summary Agent'], [asks]),
    agent('researcher', []),
    agent('Summary Agent', []),
    agent('atlas', []),
  ]
  const offering = (...names: string[]) => ({ tools: names.map((name) => ({ type: 'function', name })) })

  it('are told by the names that runtimes give them, and never taken for a tool of the plan', () => {
    const own = offering('ask_researcher', 'transfer_to_researcher', 'handoff_to_Summary_Agent')
    expect(listOfferedHandoffs(team, 'coordinator', own)).toEqual({
      transfer_to_researcher: 'researcher',
      handoff_to_Summary_Agent: 'Summary Agent',
    })
    expect(listOfferedHandoffs(team, 'coordinator', offering('ask_researcher'))).toEqual({})
    expect(listOfferedHandoffs(team, 'researcher', {})).toEqual({})
  })

  it('are none of an agent that is a tool, of nobody, and in a team that does not hand off', () => {
    expect(listOfferedHandoffs(team, 'atlas', own())).toBeUndefined()
    expect(listOfferedHandoffs(team, undefined, own())).toBeUndefined()
    expect(listOfferedHandoffs([agent('coordinator', [])], 'coordinator', own())).toBeUndefined()
  })

  function own() {
    return offering('transfer_to_researcher')
  }
})
