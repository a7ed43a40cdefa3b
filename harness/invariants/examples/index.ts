import { answers } from './answers.ts'
import { compared } from './comparisons.ts'
import { continuing } from './continuing.ts'
import { conversation } from './conversation.ts'
import { hooks } from './hooks.ts'
import { process } from './process.ts'
import { spanData } from './span-data.ts'
import { spans } from './spans.ts'
import { stream } from './stream.ts'
import type { Examples } from './types.ts'

/** For each invariant, by its id, histories that hold and histories that break it. */
export const examples: Readonly<Record<string, Examples>> = {
  ...spans,
  ...spanData,
  ...hooks,
  ...conversation,
  ...continuing,
  ...stream,
  ...answers,
  ...process,
}

/** For each comparison, by its id. */
export const comparedExamples: typeof compared = compared
