import type { Parts } from '../parts.ts'

/** One correct behaviour turned into a wrong one, to prove that it is seen. */
export interface Defect {
  /** That of its file. */
  name: string
  /** The id of the invariant that must see it. */
  breaks: string
  /** What the broken runtime does, one sentence. */
  does: string
  /** The parts that it puts in the place of sound ones, made anew for each team. */
  parts(): Partial<Parts>
}
