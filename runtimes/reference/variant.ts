import type { Variant as Told } from '../../harness/known/variant.ts'
import type { Parts } from './parts.ts'

/** Another legal behaviour of the reference runtime. A test proves that the harness finds nothing wrong with it. */
export type Variant = ReplacedParts | EditedSource

/** A behaviour that replaces decisions of the runtime. */
interface ReplacedParts extends Told {
  /** Returns the parts that replace those of the runtime. Called once for each team, so teams share no state. */
  parts(): Partial<Parts>
  edits?: never
}

/** A behaviour that edits the source of the runtime, where no decision of `parts/` can show it. */
interface EditedSource extends Told {
  edits: NonNullable<Told['edits']>
}
