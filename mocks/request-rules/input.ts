import { callAnsweredOnce, callRules } from './calls.ts'
import { itemFormRules } from './item-form.ts'
import { itemReferenceRules } from './item-references.ts'
import type { InputContext } from './known.ts'
import { reasoningRules } from './reasoning.ts'
import { findRefusal, type Refusal, type RequestRule } from './rule.ts'

/** The rules about the input items of a request, in the order in which they are asked. */
export const inputRules: readonly RequestRule<InputContext>[] = [
  callAnsweredOnce,
  ...itemFormRules,
  ...itemReferenceRules,
  ...callRules,
  ...reasoningRules,
]

/** Returns the service's refusal of this input, or undefined if it is accepted. The first rule that is broken decides. */
export function refuseInput(context: InputContext): Refusal | undefined {
  return findRefusal(inputRules, context)
}
