/** A change that Stryker makes to one place of a runtime's source. */
export interface Mutant {
  /** The name of the runtime's folder. */
  runtime: string
  /** The id by which the instrumented source switches the change on. Unique within the runtime. */
  id: string
  /** The file in the runtime's folder, for example `telemetry/span.ts`. */
  file: string
  /** From 1. */
  line: number
  /** The text of the line on which the change begins, without its indentation. */
  text: string
  original: string
  mutated: string
  /** Which of several mutants of the file with the same text, original and mutated this one is, from 1. */
  nth: number
}

/** The parts of a mutant that stay the same if lines move. */
export type MutantKey = Pick<Mutant, 'file' | 'text' | 'original' | 'mutated' | 'nth'>

/** What happened when a mutant was tried. */
export type Tried =
  /** `plans`: the number of plans until it was killed, those that do not reach the mutant included. */
  | { id: string; killed: Killed; plans: number }
  /** `reached`: the number of plans that reach the mutant. `shoulds`: the rules of level should that it breaks. */
  | { id: string; killed: null; plans: number; reached: number; shoulds: string[] }

/**
 * Why a mutant counts as killed. `must`: a must is broken. `hung` and `died`: the process did not survive, which `conform`
 * reports as a broken must as well. `not-loaded` and `adapter-fault`: `conform` refuses the runtime, because the adapter cannot
 * be loaded or breaks its contract. `harness-fault`: the harness itself failed.
 */
export interface Killed {
  fact: 'must' | 'hung' | 'died' | 'not-loaded' | 'adapter-fault' | 'harness-fault'
  /** The broken must. */
  invariant?: string
  scenario?: string
  cause?: string
  message: string
}

/** Returns a text that is the same for mutants with the same key. */
export function formatKey({ file, text, original, mutated, nth }: MutantKey): string {
  return JSON.stringify([file, text, original, mutated, nth])
}
