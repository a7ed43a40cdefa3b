import fc from 'fast-check'
import { factOptions } from '../../../mocks/service/options.ts'
import type { ServiceOptions } from '../types.ts'

/**
 * The choices that a client meets which answers user turns in the foreground. Left out is what only background responses
 * and their retrieval meet, and `zeroDataRetention`, under which a chain of responses is refused whatever a runtime does.
 */
const met = [
  'afterCut',
  'continueFailed',
  'continueCancelled',
  'reasoningBeforeBareCall',
  'secondOutput',
  'nullForOptional',
  'incompleteCalls',
  'conversationAfterIncomplete',
  'conversationAfterFailed',
  'conversationLock',
  'tooLongInStream',
] as const satisfies readonly (keyof ServiceOptions)[]

/** One or two choices in which the service behaves otherwise than it does by default. */
export const services: fc.Arbitrary<ServiceOptions> = fc
  .subarray([...met], { minLength: 1, maxLength: 2 })
  .chain((names) => fc.tuple(...names.map((name) => other(name).map((answer) => [name, answer] as const))))
  .map((chosen) => Object.fromEntries(chosen) as ServiceOptions)

function other(name: (typeof met)[number]): fc.Arbitrary<string> {
  const choice = factOptions.shape[name].unwrap()
  const usual = factOptions.shape[name].parse(undefined)
  return fc.constantFrom(...choice.options.filter((answer) => answer !== usual))
}
