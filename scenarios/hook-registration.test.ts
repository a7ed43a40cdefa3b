import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capability } from '../harness/contract/runtime.ts'
import { capabilitiesWithoutHandoff } from '../harness/plan/arbitraries/everything.ts'
import type { Plan } from '../harness/plan/types.ts'
import scenario from './hook-registration.ts'

const supports: ReadonlySet<Capability> = new Set([...capabilitiesWithoutHandoff, 'step-hooks'])
const plans = fc.sample(scenario.plans(supports), { numRuns: 300, seed: 1 })

function turnsOf({ conversations }: Plan) {
  return conversations.flatMap(({ turns }) => turns)
}

const failing = ({ mode: { sabotage } }: Plan, nth: number) =>
  sabotage?.part === 'hook-register' && sabotage.nth === nth
const lost = ({ mode: { sabotage } }: Plan, nth: number) =>
  sabotage?.part === 'hook-lost' && sabotage.nth === nth
const fresh = (plan: Plan) => turnsOf(plan).some(({ target }) => target === 'fresh-workflow')

describe('the plans of hook-registration', () => {
  it.each<[string, (plan: Plan) => boolean]>([
    ['preReasoning is not taken', (plan) => failing(plan, 0)],
    ['postReasoning is not taken', (plan) => failing(plan, 1)],
    ['preActing is not taken', (plan) => failing(plan, 2)],
    ['postActing is not taken', (plan) => failing(plan, 3)],
    ['a hook is not taken when they are registered again', (plan) => failing(plan, 5)],
    ...[0, 1, 2, 3].map((nth): [string, (plan: Plan) => boolean] => [
      `hook ${nth} is lost`,
      (plan) => lost(plan, nth),
    ]),
    ['a release is done twice', ({ mode }) => mode.sabotage?.part === 'hook-release'],
    [
      'a release is done twice while others are on',
      ({ mode, conversations }) => mode.sabotage?.part === 'hook-release' && conversations.length > 2,
    ],
    [
      'telemetry is switched on after some calls have begun, and others are still to begin',
      ({ mode, conversations }) =>
        mode.start === 'off' &&
        mode.toggles !== undefined &&
        conversations.length > 1 &&
        conversations.some(({ turns }) => turns.length > 1),
    ],
    ['telemetry is switched off', ({ mode }) => mode.toggles?.[0]?.to === 'off'],
    ['nothing befalls telemetry', ({ mode }) => mode.toggles === undefined && mode.sabotage === undefined],
    ['the agent is built anew', fresh],
    ['the agent is built anew while others call it', (plan) => fresh(plan) && plan.conversations.length > 1],
    ...[1, 2, 3].map((count): [string, (plan: Plan) => boolean] => [
      `${count} conversations`,
      ({ conversations }) => conversations.length === count,
    ]),
    ['an agent is a tool of another', ({ team }) => team.length > 1],
    ['a run is stopped', (plan) => turnsOf(plan).some(({ stop }) => stop !== undefined)],
    [
      'an answer is spoiled',
      (plan) => turnsOf(plan).some(({ answers }) => answers.some(({ faults }) => faults)),
    ],
  ])('have among 300: %s', (_, holds) => {
    expect(plans.filter(holds).length).toBeGreaterThan(0)
  })
})
