import { callRules } from './calls.ts'
import { reasoningRules } from './reasoning.ts'
import { referenceRules } from './references.ts'
import { shapeRules } from './shapes.ts'
import type { InputContext, InputRule, Refusal } from './types.ts'

/** The rules of a request's input items, in the order in which they are asked: form, identity, calls, reasoning. */
export const inputRules: readonly InputRule[] = [
  ...shapeRules,
  ...referenceRules,
  ...callRules,
  ...reasoningRules,
]

/** The service's refusal of this input, or undefined where it is accepted. Pure; the first rule that refuses decides. */
export function refuseInput(context: InputContext): Refusal | undefined {
  for (const rule of inputRules) {
    const refusal = rule.refuses(context)
    if (refusal) return { ...refusal, rule: rule.id }
  }
  return undefined
}
