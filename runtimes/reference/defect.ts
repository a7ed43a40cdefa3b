import type { Defect as Claimed } from '../../harness/known/defect.ts'
import type { Parts } from './parts.ts'

/** A deliberate bug in the reference runtime. A test proves that the harness finds it. */
export type Defect = ReplacedParts | EditedSource

/** A bug that replaces decisions of the runtime. */
interface ReplacedParts extends Claimed {
  /** Returns the parts that replace correct ones. Called once for each team, so teams share no state. */
  parts(): Partial<Parts>
  edits?: never
}

/** A bug that edits the source of the runtime, where no decision of `parts/` can show it. */
interface EditedSource extends Claimed {
  edits: NonNullable<Claimed['edits']>
}
