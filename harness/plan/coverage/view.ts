import type { Answer, Item } from '../../../mocks/service/types.ts'
import type { Plan, ToolAction, Turn } from '../types.ts'
import { listActions } from './actions.ts'

/** A plan and the lists of its parts, which many words read. */
export interface PlanView {
  plan: Plan
  turns: readonly Turn[]
  answers: readonly Answer[]
  items: readonly Item[]
  /** What the tools do: the action of each call that the model makes if every run goes well. */
  actions: readonly ToolAction[]
}

/** Returns a plan with the lists of its parts. */
export function viewPlan(plan: Plan): PlanView {
  const turns = plan.conversations.flatMap((conversation) => conversation.turns)
  const answers = turns.flatMap((turn) => turn.answers)
  return { plan, turns, answers, items: answers.flatMap(({ items }) => items), actions: listActions(plan) }
}
