import { exchangeRules } from './exchange.ts'
import { streamQuirks, streamRules } from './stream.ts'
import type { Rule } from './types.ts'
import { wireQuirks } from './wire.ts'

/** Every rule of streams and exchanges, in the order of `conform list`. No id occurs twice. */
export const allRules: readonly Rule[] = [...streamRules, ...exchangeRules]

/** Every quirk of streams and of their wire text. */
export const allQuirks: readonly Rule[] = [...streamQuirks, ...wireQuirks]
