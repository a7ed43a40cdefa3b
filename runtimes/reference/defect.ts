import type { Defect as Claimed } from '../../harness/known/defect.ts'
import type { Parts } from './parts.ts'

/** A deliberate bug in the reference runtime. A test proves that the harness finds it. */
export interface Defect extends Claimed {
  /** Returns the parts that replace correct ones. Called once for each team, so teams share no state. */
  parts(): Partial<Parts>
}
