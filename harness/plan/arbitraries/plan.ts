import fc from 'fast-check'
import { hash32 } from '../../../mocks/service/random.ts'
import type { Capability } from '../../contract/runtime.ts'
import { addCanaries } from '../canary.ts'
import { pullNames, sessionModes } from '../schema.ts'
import { sessionKinds } from '../session-kinds.ts'
import type { AgentSpec, Conversation, Flow, Plan, SessionMode, TelemetryMode, Turn } from '../types.ts'
import { drawDelivery } from './delivery.ts'
import { arbitraryModes } from './mode.ts'
import { serviceOptions } from './service.ts'
import { arbitraryTeams, type TeamSetup } from './team.ts'
import { arbitraryTurns, type TurnSetup } from './turn.ts'

/** What the generated plans of a scenario can contain. Shares are percentages. */
export interface PlanSetup extends Omit<TurnSetup, 'agent' | 'team' | 'last' | 'script' | 'supports'> {
  /** The capabilities of the runtime. Plans need no others. Default: history, streams and tools, with one kind of pull. */
  supports: ReadonlySet<Capability>
  conversations: { min: number; max: number }
  turns: { min: number; max: number }
  /** The session modes to choose from. Modes that the runtime lacks are left out. */
  sessions: readonly SessionMode[]
  modes: readonly TelemetryMode[]
  /** Share of plans in which telemetry is switched during the plan or a part of it misbehaves. */
  disturbed: number
  /** Whether some tool results wait until the harness opens their gates. */
  gatedTools: boolean
  /** The agents that can be tools of the first agent, if the runtime has the capability `agent-tool`. */
  nested: readonly ('another' | 'itself')[]
  /** Share of tool calls that throw. */
  throwing: number
  /** Share of plans with other choices where the behaviour of the real service is unknown. */
  facts: number
  /** Share of plans that measure what ended runs leave in memory. */
  growth: number
}

const basicCapabilities: readonly Capability[] = [
  'history',
  'previous-response',
  'stream',
  'tools',
  'parallel-tools',
]

export const defaultSetup: PlanSetup = {
  supports: new Set([...basicCapabilities, 'same-context']),
  conversations: { min: 1, max: 3 },
  turns: { min: 1, max: 3 },
  sessions: sessionModes,
  pulls: pullNames,
  modes: ['on'],
  disturbed: 0,
  spoiled: 0,
  stopped: 0,
  broken: 0,
  faults: 'any',
  throwing: 0,
  facts: 0,
  growth: 0,
  stream: 'drawn',
  gatedTools: true,
  nested: ['another'],
  wire: true,
}

const seed = fc.stringMatching(/^[0-9a-f]{8}$/)

/**
 * Returns an arbitrary of plans for a runtime with the capabilities `supports`. All texts have canaries. `readPlan` accepts
 * every generated plan.
 */
export function arbitraryPlans(given: Partial<PlanSetup> = {}): fc.Arbitrary<Plan> {
  const setup = completeSetup(given)
  const drawn = fc
    .tuple(arbitraryTeams(buildTeamSetup(setup)), arbitraryCount(setup.conversations))
    .chain(([team, count]) =>
      arbitraryPlansFrom(setup, {
        team,
        conversations: fc.array(arbitraryConversation(team, setup), { minLength: count, maxLength: count }),
      }),
    )
  return fc.noBias(drawn)
}

/** Returns the setup with all defaults and only the pulls that the runtime has. If it has none, `same-context` is left. */
export function completeSetup(given: Partial<PlanSetup>): PlanSetup {
  const setup = { ...defaultSetup, ...given }
  const pulls = setup.pulls.filter((pull) => setup.supports.has(pull))
  return { ...setup, pulls: pulls.length > 0 ? pulls : ['same-context'] }
}

/** The parts that differ between generators of plans. */
export interface PlanParts {
  team: AgentSpec[]
  flow?: Flow | undefined
  conversations: fc.Arbitrary<Conversation[]>
}

/**
 * Returns an arbitrary of plans with this team and these conversations. Callers must wrap it in `fc.noBias`: a bias towards
 * small values would hardly reach the later answers of a turn and the later places in a stream.
 */
export function arbitraryPlansFrom(
  setup: PlanSetup,
  { team, flow, conversations }: PlanParts,
): fc.Arbitrary<Plan> {
  return fc
    .record({
      schema: fc.constant(1 as const),
      seed,
      team: fc.constant(team),
      conversations,
      mode: arbitraryModes(setup),
      service: fc.oneof(
        { weight: 100 - setup.facts, arbitrary: fc.constant(undefined) },
        { weight: setup.facts, arbitrary: serviceOptions },
      ),
    })
    .map(({ service, ...drawn }) => {
      const plan = addCanaries({
        ...drawn,
        delivery: [],
        ...(flow ? { flow } : {}),
        ...(service ? { service } : {}),
        ...(hash32(drawn.seed, 0) % 100 < setup.growth ? { growth: true as const } : {}),
      })
      return { ...plan, delivery: drawDelivery(plan) }
    })
}

/** Returns an arbitrary of a count of conversations, mostly small: two show most interactions, and many take long. */
function arbitraryCount({ min, max }: { min: number; max: number }): fc.Arbitrary<number> {
  const up = (to: number) => fc.integer({ min, max: Math.min(max, to) })
  return fc.oneof(
    { weight: 8, arbitrary: up(4) },
    { weight: 3, arbitrary: up(8) },
    { weight: 1, arbitrary: up(max) },
  )
}

export function buildTeamSetup({ supports, gatedTools, throwing, stopped, nested }: PlanSetup): TeamSetup {
  const tools = supports.has('tools')
  return {
    settings: supports.has('settings'),
    tools,
    gated: gatedTools,
    ignoring: stopped > 0 && (supports.has('abort') || supports.has('return')),
    throwing,
    hanging: tools && stopped > 0 && supports.has('abort'),
    nested: tools && supports.has('agent-tool') ? nested : [],
  }
}

/** Returns an arbitrary of the session modes that the runtime has. */
export function arbitrarySessions({ supports, sessions }: PlanSetup): fc.Arbitrary<SessionMode> {
  return fc.constantFrom(...sessions.filter((session) => supports.has(session)))
}

function arbitraryConversation(team: AgentSpec[], setup: PlanSetup): fc.Arbitrary<Conversation> {
  const { turns: count } = setup
  const agent = team[0] as AgentSpec
  return fc
    .tuple(arbitrarySessions(setup), fc.integer({ min: count.min, max: count.max }))
    .chain(([session, length]) =>
      arbitraryConversationFrom(
        setup,
        session,
        Array.from({ length }, (_, at) => arbitraryTurns({ ...setup, agent, team, last: at === length - 1 })),
      ),
    )
}

export function arbitraryConversationFrom(
  { supports }: PlanSetup,
  session: SessionMode,
  turns: fc.Arbitrary<Turn>[],
): fc.Arbitrary<Conversation> {
  const { worksUnstored } = sessionKinds[session]
  const mayBeUnstored = worksUnstored === 'unstored-session' ? supports.has(worksUnstored) : worksUnstored
  const drawn = {
    session: fc.constant(session),
    store: mayBeUnstored ? fc.boolean() : fc.constant(true),
    turns: fc.tuple(...turns),
  }
  if (!supports.has('threads')) return fc.record(drawn)
  return fc.record({ ...drawn, as: fc.constantFrom('task' as const, 'thread' as const) })
}
