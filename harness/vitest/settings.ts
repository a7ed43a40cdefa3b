import { fileURLToPath } from 'node:url'
import type { TransportName } from '../../mocks/transports.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import type { Lacking } from '../environments/errors.ts'
import type { Stale } from '../explore/judge.ts'
import type { Verdict } from '../explore/verdict.ts'
import type { Defect } from '../known/defect.ts'
import type { Plan } from '../plan/types.ts'
import type { Seen } from '../repro/asked.ts'
import type { ReproCode } from '../repro/load-repro.ts'
import type { Traffic } from '../repro/traffic.ts'

/** What a run of scenarios is asked for; all of it is plain data, for it crosses to the workers. */
export interface Settings {
  /** Fixes every plan that is drawn. */
  seed: number
  /** How many plans are drawn for each generated scenario. */
  runs: number
  /** For how many milliseconds each generated scenario is explored, in place of `runs`. */
  time?: number
  transport: TransportName
  /** Only these invariants and comparisons; absent: all. */
  invariants?: string[]
  /** Files and folders of recordings. */
  recordings: string[]
  /** Of the scenarios of which cases are named here, `recordings/<id>`, only those; absent: all. */
  cases?: string[]
  /** A plan to be run in place of all others. */
  replay?: Replay
  /** Put into the runtime one by one, each explored for by the scenario that claims it; absent: the runtime as it is. */
  defects?: Claim[]
  /** What earlier workers did not survive. */
  lost: Lost[]
  /** Cases that have their verdicts already. */
  done: { runtime: string; scenario: string }[]
  /** Scenario files whose workers were lost so often that the rest of their cases is not run. */
  givenUp: { runtime: string; scenario: string }[]
  /** As `2026-11-20`. */
  today: string
}

/** What is said of a defect: which scenario finds it, and what it breaks. */
export type Claim = Pick<Defect, 'name' | 'scenario' | 'breaks'>

/** A kept plan, put to the promises that it is said to break. */
export interface Replay {
  scenario: string
  plan: Plan
  /** Nothing is judged: what went over the wire is written down. */
  record?: true
}

/** What a plan's run looked like from outside, and what went over the wire. */
export interface RecordedRun {
  traffic: Traffic
  seen: Seen
  /** What the `repro.ts` in the runtime's folder gives for the plan; absent if there is none. */
  repro?: ReproCode
}

/** The execution that a worker did not survive: the n-th of a case, from 0. */
export interface Lost {
  runtime: string
  scenario: string
  execution: number
  /** `hung`: it gave no sign and was ended; `died`: the process ended by itself. */
  how: 'hung' | 'died'
  message: string
}

/**
 * What a worker does beside its cases, as the journal and what is lost name it: no id of a recording looks like it.
 * Of a case's own kept plans the executions are counted apart.
 */
export const besides = { loading: '(loading)', between: '(between cases)', known: '(known)' } as const

/**
 * The runtime that a Vitest project is for: its folder holds `adapter.ts`, or `manifest.yaml` where it lives in a process of
 * its own.
 */
export interface Subject {
  /** As it was asked for: NAME, NAME+DEFECT or NAME@VERSION. No two of one run have the same. */
  name: string
  folder: string
  /** The name of one of its defects, to be put into it: a file in its folder `defects`. */
  defect?: string
  /** Another version than the one that its folder has by itself. Nothing that is known of that one is expected of it. */
  version?: string
  /** What starts its driver; absent until it is prepared, and where the runtime needs none. */
  driver?: DriverCommand
  /** The runtime that must keep what this one breaks; both live in processes of their own. */
  against?: Subject
  /** A plan to be run on this one in place of what the settings ask for. */
  replay?: Replay
  /** Why it cannot be run here. */
  unavailable?: Unavailable
}

/** Why a runtime has no environment. */
export interface Unavailable {
  lacking: Lacking
  reason: string
}

declare module 'vitest' {
  interface ProvidedContext {
    subject: Subject
    settings: Settings | null
  }
  interface TaskMeta {
    verdicts?: Verdict[]
    stale?: Stale[]
    /** What of a recording is not replayed, and why. */
    leftOut?: string[]
    /** What the runtime does to its process that no promise is about, one line each. */
    notes?: string[]
    /** The secret of the worker that says so. */
    token?: string
    recorded?: RecordedRun
  }
}

/** What is run where nobody asks for anything: `vitest --project NAME`. */
export function defaultsFor(now: Date): Settings {
  return {
    seed: 20_261_120,
    runs: 100,
    transport: 'fetch',
    recordings: [fileURLToPath(new URL('../../mocks/recordings/own', import.meta.url))],
    lost: [],
    done: [],
    givenUp: [],
    today: now.toISOString().slice(0, 10),
  }
}
