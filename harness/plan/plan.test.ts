import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { arbitraryPlans } from './arbitraries/plan.ts'
import { formatPlan, readPlan } from './codec.ts'
import type { Plan, Turn } from './types.ts'

const any = arbitraryPlans({
  sessions: ['history', 'previous-response', 'conversation-object', 'runtime-default'],
  pulls: ['same-context', 'final-only', 'timeout-per-pull'],
  modes: ['off', 'on', 'sensitive'],
  spoiled: 40,
})

const plain: Plan = {
  schema: 1,
  seed: 'a',
  team: [
    {
      name: 'agent',
      instructions: '',
      tools: [{ name: 'wait', parameters: {}, does: [{ kind: 'hang' }] }],
      handoffs: [],
    },
  ],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [
        {
          say: 'hi',
          stream: true,
          answers: [{ items: [{ type: 'text', text: 'hello' }] }],
          target: 'same',
          pull: 'same-context',
        },
      ],
    },
  ],
  delivery: [0, 1],
  mode: { start: 'on' },
}

/** Returns the text of a plan with the value at a path changed. */
function changed(path: (string | number)[], value: unknown): string {
  const copy = JSON.parse(JSON.stringify(plain))
  const last = path.at(-1) as string
  const holder = path.slice(0, -1).reduce((held, key) => held[key], copy)
  if (value === undefined) delete holder[last]
  else holder[last] = value
  return JSON.stringify(copy)
}

const turn = ['conversations', 0, 'turns', 0]

function jsonTurn(changes: Partial<Turn>): object {
  return { ...plain.conversations[0]?.turns[0], stream: false, ...changes }
}

describe('the codec of plans', () => {
  it('reads back every generated plan', () => {
    fc.assert(
      fc.property(any, (plan) => {
        expect(readPlan(formatPlan(plan), 'plan.json')).toEqual(plan)
      }),
    )
  })

  it.each<[string, (string | number)[], unknown, string]>([
    ['an unknown key', ['extra'], 1, 'extra'],
    ['another schema', ['schema'], 2, '$.schema'],
    ['no conversation', ['conversations'], [], '$.conversations'],
    ['a turn without a user message', [...turn, 'say'], undefined, '$.conversations[0].turns[0].say'],
    ['too many steps', ['delivery'], Array(100_001).fill(0), '$.delivery'],
    [
      'a string of over a million characters',
      [...turn, 'say'],
      'x'.repeat(1_000_001),
      '$.conversations[0].turns[0].say',
    ],
    ['a negative delivery', ['delivery'], [-1], '$.delivery[0]'],
    ['an agent twice', ['team', 1], plain.team[0], 'team[1].name'],
    ['a handoff to nobody', ['team', 0, 'handoffs'], ['ghost'], 'team[0].handoffs'],
    ['settings that the service refuses', ['team', 0, 'settings'], { temperature: 5 }, 'team[0].settings'],
    ['a setting that nobody knows', ['team', 0, 'settings'], { warmth: 1 }, 'team[0].settings'],
    [
      'a call of a tool that no agent has',
      [...turn, 'answers'],
      [{ items: [{ type: 'call', tool: 'sing', args: {} }] }],
      'a call of sing',
    ],
    [
      'a stall that nothing ends',
      [...turn, 'answers'],
      [{ items: [], faults: [{ kind: 'stall', at: 1 }] }],
      'a stall',
    ],
    [
      'a hanging tool that nothing ends',
      [...turn, 'answers'],
      [{ items: [{ type: 'call', tool: 'wait', args: {} }] }],
      'a tool that hangs',
    ],
    [
      'a return of a consumer that only waits for the outcome',
      turn,
      {
        ...plain.conversations[0]?.turns[0],
        pull: 'final-only',
        stop: { how: 'return', after: { updates: 1 } },
      },
      'a pull that iterates',
    ],
    [
      'a way of pulling where there is no stream',
      turn,
      jsonTurn({ pull: 'timeout-per-pull' }),
      'pull timeout-per-pull',
    ],
    [
      'a return where there is no stream',
      turn,
      jsonTurn({ stop: { how: 'return', after: { toolStarts: 1 } } }),
      'stop return of a turn without stream',
    ],
    [
      'a return by a consumer that never pulls',
      turn,
      {
        ...plain.conversations[0]?.turns[0],
        pull: 'final-only',
        stop: { how: 'return', after: { updates: 1 } },
      },
      'a pull that iterates',
    ],
    [
      'a drop before another turn',
      ['conversations', 0, 'turns'],
      [
        { ...plain.conversations[0]?.turns[0], stop: { how: 'drop', after: { updates: 1 } } },
        plain.conversations[0]?.turns[0],
      ],
      'conversations[0].turns[0]',
    ],
    [
      'recorded requests of another form',
      [...turn, 'recorded'],
      [{ context: 'all of it', tools: [] }],
      'recorded[0].context',
    ],
    [
      'garbage that is JSON',
      [...turn, 'answers'],
      [{ items: [], faults: [{ kind: 'garbage', at: 0, data: '{}' }] }],
      'faults[0].data',
    ],
    [
      'a sabotage that means nothing',
      ['mode'],
      { start: 'on', sabotage: { part: 'exporter', does: 'repeat', nth: 0 } },
      '$.mode.sabotage',
    ],
    ['a flow about nobody', ['flow'], { turnLimits: { ghost: 1 } }, 'flow'],
    ['a flow where nobody hands off', ['flow'], { turnLimits: {} }, 'a team without handoffs'],
    ['an agent that hands off to itself', ['team', 0, 'handoffs'], [plain.team[0]?.name], 'the agent itself'],
  ])('refuses %s and names the place', (_, path, value, place) => {
    expect(() => readPlan(changed(path, value), 'plan.json')).toThrow(place)
    expect(() => readPlan(changed(path, value), 'plan.json')).toThrow('plan.json')
  })

  it.each<[string, (team: Plan['team'], plan: Plan) => void, string]>([
    ['a handoff twice', ([first]) => first?.handoffs.push('b'), 'b twice'],
    [
      'a limit of no turn',
      (_, plan) => Object.assign(plan, { flow: { turnLimits: { b: 0 } } }),
      'at least 1',
    ],
    [
      'a handoff that no agent may make',
      (_, plan) => plan.conversations[0]?.turns[0]?.answers.push({ items: [{ type: 'handoff', to: 'a' }] }),
      'a handoff to a',
    ],
    [
      'a handoff that this agent may not make',
      (_, plan) =>
        plan.conversations[0]?.turns[0]?.answers.push({ agent: 'b', items: [{ type: 'handoff', to: 'b' }] }),
      'a handoff to b',
    ],
    [
      'a tool that is handed the conversation',
      ([first]) => first?.tools.push({ name: 'ask', parameters: {}, does: [{ kind: 'agent', agent: 'b' }] }),
      'b, an agent that is a tool and takes part in handoffs',
    ],
  ])('refuses among agents that hand off %s', (_, change, found) => {
    const member = (name: string, ...handoffs: string[]) => ({
      name,
      instructions: name,
      tools: [],
      handoffs,
    })
    const copy: Plan = { ...JSON.parse(JSON.stringify(plain)), team: [member('a', 'b'), member('b')] }
    copy.conversations = copy.conversations.map((conversation) => ({
      ...conversation,
      turns: conversation.turns.map(({ stop: _, ...turn }) => ({ ...turn, answers: [] })),
    }))
    expect(readPlan(formatPlan(copy), 'plan.json')).toEqual(copy)
    change(copy.team, copy)
    expect(() => readPlan(formatPlan(copy), 'plan.json')).toThrow(found)
  })

  it('refuses an error-event on a JSON answer', () => {
    const copy = JSON.parse(JSON.stringify(plain))
    copy.conversations[0].turns[0].stream = false
    copy.conversations[0].turns[0].answers[0].faults = [
      { kind: 'error-event', at: 0, form: 'nested', code: 'x' },
    ]
    expect(() => readPlan(JSON.stringify(copy), 'plan.json')).toThrow('error-event on a JSON answer')
  })

  it('refuses invalid JSON and deep nesting, without a stack overflow', () => {
    expect(() => readPlan('{"schema":', 'plan.json')).toThrow('expected JSON')
    expect(() => readPlan('['.repeat(1_000_000), 'plan.json')).toThrow('levels of nesting')
  })
})
