import fc from 'fast-check'
import { hookNames } from '../../schema.ts'
import type { AgentSpec, Conversation, Flow, Plan, Turn } from '../../types.ts'
import {
  arbitraryConversationFrom,
  arbitraryPlansFrom,
  arbitrarySessions,
  buildTeamSetup,
  completeSetup,
  type PlanSetup,
} from '../plan.ts'
import { arbitraryTurns } from '../turn.ts'
import { buildAnswers, buildEndlessAnswers, type Move, moves } from './answers.ts'
import { arbitraryFlows, canEndWhenAllHandOff } from './flow.ts'
import { arbitraryHandoffTeams } from './graph.ts'

/** What happens in a turn. After any fate but `well`, the agent that began the turn still has the conversation. */
type Fate = 'well' | 'spoiled' | 'stopped' | 'broken' | 'spoiled and broken' | 'endless'

interface Outline {
  moves: Move[]
  fate: Fate
  target: Turn['target']
}

/** Returns an arbitrary of plans in which agents hand off, for a runtime with the capabilities `supports`. */
export function arbitraryHandoffPlans(given: Partial<PlanSetup> = {}): fc.Arbitrary<Plan> {
  const setup = completeSetup(given)
  const { supports, conversations: lines } = setup
  const drawn = arbitraryHandoffTeams(buildTeamSetup(setup))
    .chain((team) =>
      fc.record({
        team: fc.constant(team),
        flow: supports.has('flow')
          ? fc.option(arbitraryFlows(team), { nil: undefined, freq: 2 })
          : fc.constant(undefined),
      }),
    )
    .chain(({ team, flow }) =>
      arbitraryPlansFrom(setup, {
        team,
        flow,
        conversations: fc.array(arbitraryConversation(team, flow, setup), {
          minLength: lines.min,
          maxLength: lines.max,
        }),
      }),
    )
  return fc.noBias(drawn)
}

function arbitraryConversation(
  team: AgentSpec[],
  flow: Flow | undefined,
  setup: PlanSetup,
): fc.Arbitrary<Conversation> {
  const outlines = fc.array(arbitraryOutline(setup, canEndWhenAllHandOff(team, flow)), {
    minLength: setup.turns.min,
    maxLength: setup.turns.max,
  })
  return fc
    .tuple(arbitrarySessions(setup), outlines)
    .chain(([session, outlines]) =>
      arbitraryConversationFrom(
        setup,
        session,
        buildTurnArbitraries(team, flow !== undefined, outlines, setup),
      ),
    )
}

function arbitraryOutline(
  { spoiled, stopped, broken, supports }: PlanSetup,
  endless: boolean,
): fc.Arbitrary<Outline> {
  const hooks = hookNames.some((hook) => supports.has(hook))
  const fates: [Fate, number][] = [
    ['well', 100],
    ['spoiled', spoiled],
    ['stopped', supports.has('abort') ? stopped : 0],
    ['broken', hooks ? broken : 0],
    ['spoiled and broken', hooks ? Math.min(spoiled, broken) : 0],
    ['endless', endless ? 16 : 0],
  ]
  return fc.record({
    moves,
    fate: fc.oneof(...fates.map(([fate, weight]) => ({ weight, arbitrary: fc.constant(fate) }))),
    // A rebuilt workflow is rare: it needs a garbage collection after the plan, which takes longer than the plan itself.
    target: fc.oneof(
      { weight: 9, arbitrary: fc.constant('same' as const) },
      { weight: 1, arbitrary: fc.constant('fresh-workflow' as const) },
    ),
  })
}

function buildTurnArbitraries(
  team: readonly AgentSpec[],
  goesOn: boolean,
  outlines: readonly Outline[],
  setup: PlanSetup,
): fc.Arbitrary<Turn>[] {
  let holder = team[0]?.name ?? ''
  return outlines.map(({ moves, fate, target }, number) => {
    const told =
      fate === 'endless'
        ? { answers: buildEndlessAnswers(team), holder }
        : buildAnswers(team, holder, moves, { goesOn, supports: setup.supports })
    const agent = team.find(({ name }) => name === holder) as AgentSpec
    if (fate === 'well') holder = told.holder
    const share = (...some: Fate[]) => (some.includes(fate) ? 100 : 0)
    return arbitraryTurns({
      ...setup,
      agent,
      team,
      last: number === outlines.length - 1,
      script: told.answers,
      spoiled: share('spoiled', 'spoiled and broken'),
      stopped: share('stopped'),
      broken: share('broken', 'spoiled and broken'),
    }).map((turn) => ({ ...turn, target: number === 0 ? 'same' : target }))
  })
}
