import type { Defect as Claimed } from '../../harness/known/defect.ts'
import type { Parts } from './parts.ts'

/** One correct behaviour turned into a wrong one, to prove that it is seen. */
export interface Defect extends Claimed {
  /** The parts that it puts in the place of sound ones, made anew for each team: what they hold is that team's. */
  parts(): Partial<Parts>
}
