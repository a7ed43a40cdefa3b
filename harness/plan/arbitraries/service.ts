import fc from 'fast-check'
import { factOptions } from '../../../mocks/service/options.ts'
import type { ServiceOptions } from '../types.ts'

/**
 * The options that can affect a client with foreground responses. Options of background responses and their retrieval are
 * left out. So is `zeroDataRetention`, because it refuses chains of responses for every runtime.
 */
const optionNames = [
  'afterCut',
  'continueFailed',
  'continueCancelled',
  'reasoningBeforeBareCall',
  'reasoningAloneUnstored',
  'secondOutput',
  'nullForOptional',
  'nullStatusOfCall',
  'incompleteCalls',
  'conversationAfterIncomplete',
  'conversationAfterFailed',
  'conversationLock',
  'tooLongInStream',
] as const satisfies readonly (keyof ServiceOptions)[]

/** Generates one or two options with other values than the default. */
export const serviceOptions: fc.Arbitrary<ServiceOptions> = fc
  .subarray([...optionNames], { minLength: 1, maxLength: 2 })
  .chain((names) =>
    fc.tuple(...names.map((name) => arbitraryOtherChoice(name).map((answer) => [name, answer] as const))),
  )
  .map((chosen) => Object.fromEntries(chosen) as ServiceOptions)

function arbitraryOtherChoice(name: (typeof optionNames)[number]): fc.Arbitrary<string> {
  const choice = factOptions.shape[name].unwrap()
  const usual = factOptions.shape[name].parse(undefined)
  return fc.constantFrom(...choice.options.filter((answer) => answer !== usual))
}
