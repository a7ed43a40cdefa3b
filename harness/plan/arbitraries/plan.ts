import fc from 'fast-check'
import type { Capability } from '../../contract/runtime.ts'
import { withCanaries } from '../canary.ts'
import { pulls as everyPull, sessionModes } from '../schema.ts'
import { sessionKinds } from '../session-kinds.ts'
import type { AgentSpec, Conversation, Flow, Plan, SessionMode, TelemetryMode, Turn } from '../types.ts'
import { modesOf } from './mode.ts'
import { services } from './service.ts'
import { type TeamSetup, teams } from './team.ts'
import { type TurnSetup, turns } from './turn.ts'

/** What a scenario draws its plans from. Shares are in percent. */
export interface PlanSetup extends Omit<TurnSetup, 'agent' | 'last' | 'script' | 'supports'> {
  /** What the runtime can do: nothing else is asked of it. Absent: history, streams and tools, pulled in one way. */
  supports: ReadonlySet<Capability>
  conversations: { min: number; max: number }
  turns: { min: number; max: number }
  /** Of these, what the runtime has. */
  sessions: readonly SessionMode[]
  modes: readonly TelemetryMode[]
  /** Share of plans in which telemetry is switched on the way, or a part of it misbehaves. */
  disturbed: number
  /** Whether some tool results wait for delivery. */
  gatedTools: boolean
  /** The agents that may be tools of the first one, where the runtime can do that. */
  nested: readonly ('another' | 'itself')[]
  /** Share of tool calls that throw. */
  throwing: number
  /** Share of plans in which the service behaves in another way where nothing is known of the real one. */
  facts: number
}

const basic: readonly Capability[] = ['history', 'previous-response', 'stream', 'tools', 'parallel-tools']

export const plainSetup: PlanSetup = {
  supports: new Set([...basic, 'same-context']),
  conversations: { min: 1, max: 3 },
  turns: { min: 1, max: 3 },
  sessions: sessionModes,
  pulls: everyPull,
  modes: ['on'],
  disturbed: 0,
  spoiled: 0,
  stopped: 0,
  broken: 0,
  faults: 'any',
  throwing: 0,
  facts: 0,
  stream: 'drawn',
  gatedTools: true,
  nested: ['another'],
  wire: true,
}

const seed = fc.stringMatching(/^[0-9a-f]{8}$/)

/** Plans for a runtime that can do so much, with canaries in all their texts; none that the codec refuses. */
export function plans(given: Partial<PlanSetup> = {}): fc.Arbitrary<Plan> {
  const setup = fittingSetup(given)
  const drawn = fc.tuple(teams(teamSetupOf(setup)), howMany(setup.conversations)).chain(([team, count]) =>
    planOf(setup, {
      team,
      conversations: fc.array(conversation(team, setup), { minLength: count, maxLength: count }),
      deliveries: Math.max(60, 15 * count),
    }),
  )
  return fc.noBias(drawn)
}

/** A whole setup, with no ways of pulling but those that the runtime has; one that has none is pulled in the plainest. */
export function fittingSetup(given: Partial<PlanSetup>): PlanSetup {
  const setup = { ...plainSetup, ...given }
  const pulls = setup.pulls.filter((pull) => setup.supports.has(pull))
  return { ...setup, pulls: pulls.length > 0 ? pulls : ['same-context'] }
}

/** What a plan is about, in the frame that all plans have. */
export interface PlanParts {
  team: AgentSpec[]
  flow?: Flow | undefined
  conversations: fc.Arbitrary<Conversation[]>
  /** The most deliveries. */
  deliveries: number
}

/**
 * Plans around their team and conversations. To be drawn without bias: one towards small values would leave most answers
 * after the first alone, and most places in a stream.
 */
export function planOf(
  setup: PlanSetup,
  { team, flow, conversations, deliveries }: PlanParts,
): fc.Arbitrary<Plan> {
  return fc
    .record({
      schema: fc.constant(1 as const),
      seed,
      team: fc.constant(team),
      conversations,
      delivery: fc.array(fc.integer({ min: 0, max: 63 }), { maxLength: deliveries }),
      mode: modesOf(setup),
      service: fc.oneof(
        { weight: 100 - setup.facts, arbitrary: fc.constant(undefined) },
        { weight: setup.facts, arbitrary: services },
      ),
    })
    .map(({ service, ...plan }) =>
      withCanaries({ ...plan, ...(flow ? { flow } : {}), ...(service ? { service } : {}) }),
    )
}

/** Few mostly: most of what conversations do to one another two of them do, and a crowd costs by its number. */
function howMany({ min, max }: { min: number; max: number }): fc.Arbitrary<number> {
  const up = (to: number) => fc.integer({ min, max: Math.min(max, to) })
  return fc.oneof(
    { weight: 8, arbitrary: up(4) },
    { weight: 3, arbitrary: up(8) },
    { weight: 1, arbitrary: up(max) },
  )
}

export function teamSetupOf({ supports, gatedTools, throwing, stopped, nested }: PlanSetup): TeamSetup {
  const tools = supports.has('tools')
  return {
    tools,
    gated: gatedTools,
    throwing,
    hanging: tools && stopped > 0 && supports.has('abort'),
    nested: tools && supports.has('agent-tool') ? nested : [],
  }
}

/** The ways of carrying a conversation that the runtime has. */
export function sessionsOf({ supports, sessions }: PlanSetup): fc.Arbitrary<SessionMode> {
  return fc.constantFrom(...sessions.filter((session) => supports.has(session)))
}

function conversation(team: AgentSpec[], setup: PlanSetup): fc.Arbitrary<Conversation> {
  const { turns: count } = setup
  const agent = team[0] as AgentSpec
  return fc
    .tuple(sessionsOf(setup), fc.integer({ min: count.min, max: count.max }))
    .chain(([session, length]) =>
      carriedBy(
        setup,
        session,
        Array.from({ length }, (_, at) => turns({ ...setup, agent, last: at === length - 1 })),
      ),
    )
}

export function carriedBy(
  { supports }: PlanSetup,
  session: SessionMode,
  turns: fc.Arbitrary<Turn>[],
): fc.Arbitrary<Conversation> {
  const drawn = {
    session: fc.constant(session),
    store: sessionKinds[session].needsStore ? fc.constant(true) : fc.boolean(),
    turns: fc.tuple(...turns),
  }
  if (!supports.has('threads')) return fc.record(drawn)
  return fc.record({ ...drawn, as: fc.constantFrom('task' as const, 'thread' as const) })
}
