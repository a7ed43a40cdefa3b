import type fc from 'fast-check'
import type { RecordingFile } from '../../mocks/recordings/types.ts'
import type { LeavesOut } from '../plan/coverage/label.ts'
import type { Plan } from '../plan/types.ts'
import type { Capability } from './runtime.ts'

/** A named group of plans: the default export of a file in scenarios/. The file's name is the scenario's name. */
export type Scenario = Generated | Recorded | Kept

interface About {
  /** What the scenario tests, in one sentence. */
  about: string
  /** Where it comes from, for example an upstream issue or a specification. */
  source: string
  /** Ids of the invariants and comparisons to check. Absent: all. */
  invariants?: readonly string[]
}

/** A scenario that generates its plans. */
export interface Generated extends About {
  /** Capabilities that every plan of the scenario needs. */
  needs: readonly Capability[]
  /** Returns a generator of plans for a runtime with exactly these capabilities. */
  plans(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan>
  /**
   * Returns the words, values and pairs that no generated plan has for a runtime with these capabilities, each with the reason.
   * All others must occur. Absent: nothing is left out.
   */
  leavesOut?(supports: ReadonlySet<Capability>): LeavesOut
  /** Set if every plan is compared with its variants. Otherwise only one plan in eight is. */
  comparesAll?: true
  /** Hand-written plans by name. Each is a case of its own, beside the generated plans. */
  cases?: Readonly<Record<string, Plan>>
}

/** A scenario of hand-written plans only. */
export interface Kept extends About {
  /** The plans by name. An error in place of a plan says why the plan could not be read. */
  cases: Readonly<Record<string, Plan | Error>>
}

/** A scenario that builds its plans from recordings. Each recording file is a case. */
export interface Recorded extends About {
  fromRecording(file: RecordingFile): FromRecording
}

/** The plans that were built from a recording file. */
export interface FromRecording {
  plans: { name: string; plan: Plan }[]
  /** Why some conversations cannot be a plan: no runtime's public interface can express them. */
  inexpressible: string[]
  /** Exchanges other than `POST /responses`, by method and path. */
  leftOut: string[]
}
