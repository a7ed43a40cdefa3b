import fc from 'fast-check'
import { withCanaries } from '../canary.ts'
import type { AgentSpec, Conversation, Mode, Plan, Pull, SessionMode, Turn } from '../types.ts'
import { callingAnswer, lastAnswer } from './answer.ts'
import { oneAgent } from './team.ts'

/** What a scenario draws its plans from. */
export interface PlanSetup {
  conversations: { min: number; max: number }
  turns: { min: number; max: number }
  sessions: readonly SessionMode[]
  pulls: readonly Pull[]
  modes: readonly Mode['start'][]
  /** Share of answers that a fault spoils, in percent. */
  spoiled: number
  /** Whether turns are streamed, not, or drawn. */
  stream: 'always' | 'never' | 'drawn'
  /** Whether some tool results wait for delivery. */
  gatedTools: boolean
  /** Whether streams are written in any legal form, or only in the service's own. */
  wire: boolean
}

export const plainSetup: PlanSetup = {
  conversations: { min: 1, max: 3 },
  turns: { min: 1, max: 3 },
  sessions: ['history'],
  pulls: ['same-context'],
  modes: ['on'],
  spoiled: 0,
  stream: 'drawn',
  gatedTools: true,
  wire: true,
}

/** Plans of one agent, with canaries in all their texts; one that no codec refuses. */
export function plans(given: Partial<PlanSetup> = {}): fc.Arbitrary<Plan> {
  const setup = { ...plainSetup, ...given }
  const { conversations: lines } = setup
  return oneAgent(setup.gatedTools).chain((team) =>
    fc
      .record({
        schema: fc.constant(1 as const),
        seed: fc.stringMatching(/^[0-9a-f]{8}$/),
        team: fc.constant(team),
        conversations: fc.array(conversation(team, setup), { minLength: lines.min, maxLength: lines.max }),
        delivery: fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: 60 }),
        mode: fc.record({ start: fc.constantFrom(...setup.modes) }),
      })
      .map(withCanaries),
  )
}

function conversation(team: AgentSpec[], setup: PlanSetup): fc.Arbitrary<Conversation> {
  const { turns, sessions } = setup
  return fc.constantFrom(...sessions).chain((session) =>
    fc.record({
      session: fc.constant(session),
      // Without the service's memory only the history can carry a conversation.
      store: session === 'history' ? fc.boolean() : fc.constant(true),
      turns: fc.array(turn(team, setup), { minLength: turns.min, maxLength: turns.max }),
    }),
  )
}

function turn([agent]: AgentSpec[], setup: PlanSetup): fc.Arbitrary<Turn> {
  const stream = setup.stream === 'drawn' ? fc.boolean() : fc.constant(setup.stream === 'always')
  return stream.chain((stream) => {
    const answer = { stream, spoiled: setup.spoiled, wire: setup.wire }
    const calls =
      agent !== undefined && agent.tools.length > 0
        ? fc.array(callingAnswer(agent, answer), { maxLength: 2 })
        : fc.constant([])
    return fc.record({
      say: fc.constantFrom('What is the weather?', 'And tomorrow?', 'Why — and how?'),
      stream: fc.constant(stream),
      answers: fc.tuple(calls, lastAnswer(answer)).map(([before, last]) => [...before, last]),
      target: fc.constant('same' as const),
      pull: fc.constantFrom(...setup.pulls),
    })
  })
}
