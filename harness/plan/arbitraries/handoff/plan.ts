import fc from 'fast-check'
import { hookNames } from '../../schema.ts'
import type { AgentSpec, Conversation, Flow, Plan, Turn } from '../../types.ts'
import { carriedBy, fittingSetup, type PlanSetup, planOf, sessionsOf, teamSetupOf } from '../plan.ts'
import { turns } from '../turn.ts'
import { answersOf, endlessAnswers, type Move, moves } from './answers.ts'
import { endsEndless, flows } from './flow.ts'
import { graphs } from './graph.ts'

/** What becomes of a turn: after one that does not end well the conversation is with whoever had it before. */
type Fate = 'well' | 'spoiled' | 'stopped' | 'broken' | 'endless'

interface Outline {
  moves: Move[]
  fate: Fate
  target: Turn['target']
}

/** Plans of agents that hand a conversation to one another, for a runtime that can do so much. */
export function handoffPlans(given: Partial<PlanSetup> = {}): fc.Arbitrary<Plan> {
  const setup = fittingSetup(given)
  const { supports, conversations: lines } = setup
  const drawn = graphs(teamSetupOf(setup))
    .chain((team) =>
      fc.record({
        team: fc.constant(team),
        flow: supports.has('flow')
          ? fc.option(flows(team), { nil: undefined, freq: 2 })
          : fc.constant(undefined),
      }),
    )
    .chain(({ team, flow }) =>
      planOf(setup, {
        team,
        flow,
        conversations: fc.array(conversation(team, flow, setup), {
          minLength: lines.min,
          maxLength: lines.max,
        }),
        deliveries: 60,
      }),
    )
  return fc.noBias(drawn)
}

function conversation(
  team: AgentSpec[],
  flow: Flow | undefined,
  setup: PlanSetup,
): fc.Arbitrary<Conversation> {
  const outlines = fc.array(outline(setup, endsEndless(team, flow)), {
    minLength: setup.turns.min,
    maxLength: setup.turns.max,
  })
  return fc
    .tuple(sessionsOf(setup), outlines)
    .chain(([session, outlines]) =>
      carriedBy(setup, session, turnsOf(team, flow !== undefined, outlines, setup)),
    )
}

function outline({ spoiled, stopped, broken, supports }: PlanSetup, endless: boolean): fc.Arbitrary<Outline> {
  const hooks = hookNames.some((hook) => supports.has(hook))
  const fates: [Fate, number][] = [
    ['well', 100],
    ['spoiled', spoiled],
    ['stopped', supports.has('abort') ? stopped : 0],
    ['broken', hooks ? broken : 0],
    ['endless', endless ? 8 : 0],
  ]
  return fc.record({
    moves,
    fate: fc.oneof(...fates.map(([fate, weight]) => ({ weight, arbitrary: fc.constant(fate) }))),
    // Where a workflow is built anew garbage is collected after the plan, which takes longer than the plan itself.
    target: fc.oneof(
      { weight: 9, arbitrary: fc.constant('same' as const) },
      { weight: 1, arbitrary: fc.constant('fresh-workflow' as const) },
    ),
  })
}

function turnsOf(
  team: readonly AgentSpec[],
  goesOn: boolean,
  outlines: readonly Outline[],
  setup: PlanSetup,
): fc.Arbitrary<Turn>[] {
  let holder = team[0]?.name ?? ''
  return outlines.map(({ moves, fate, target }, number) => {
    const told =
      fate === 'endless'
        ? { answers: endlessAnswers(team), holder }
        : answersOf(team, holder, moves, { goesOn, parallel: setup.supports.has('parallel-tools') })
    const agent = team.find(({ name }) => name === holder) as AgentSpec
    if (fate === 'well') holder = told.holder
    const share = (one: Fate) => (fate === one ? 100 : 0)
    return turns({
      ...setup,
      agent,
      last: number === outlines.length - 1,
      script: told.answers,
      spoiled: share('spoiled'),
      stopped: share('stopped'),
      broken: share('broken'),
    }).map((turn) => ({ ...turn, target: number === 0 ? 'same' : target }))
  })
}
