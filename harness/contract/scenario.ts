import type fc from 'fast-check'
import type { RecordingFile } from '../../mocks/recordings/types.ts'
import type { Plan } from '../plan/types.ts'
import type { Capability } from './runtime.ts'

/** A named family of plans and what it is about: a value, default-exported by its file under scenarios/, whose name it has. */
export type Scenario = Generated | Recorded | Kept

interface About {
  /** What it is about, one sentence. */
  about: string
  /** Where it comes from: an upstream issue, a page of a specification. */
  source: string
  /** Ids of the invariants and comparisons that its plans are checked against; absent: all. */
  invariants?: readonly string[]
}

/** A scenario whose plans are drawn. */
export interface Generated extends About {
  /** What a runtime must be able to do for any plan of it. */
  needs: readonly Capability[]
  /** The plans for a runtime that can do so much and no more. */
  plans(supports: ReadonlySet<Capability>): fc.Arbitrary<Plan>
  /** It is about comparing: each plan is compared with its other forms, not one in eight. */
  comparesAll?: true
  /** Plans that are told one by one, by their names: each is a case of its own. */
  cases?: Readonly<Record<string, Plan>>
}

/** A scenario of nothing but plans that are told one by one. */
export interface Kept extends About {
  /** An error in a plan's place says why there is none: that case cannot be judged. */
  cases: Readonly<Record<string, Plan | Error>>
}

/** A scenario whose plans are made from files of recordings, one case a file. */
export interface Recorded extends About {
  fromRecording(file: RecordingFile): FromRecording
}

/** What a file of recordings gives. */
export interface FromRecording {
  plans: { name: string; plan: Plan }[]
  /** Why a conversation of it cannot be put to any runtime's public interface. */
  inexpressible: string[]
  /** Exchanges that are no `POST /responses`, by method and path. */
  leftOut: string[]
}
