import { fileURLToPath } from 'node:url'
import type { TransportName } from '../../mocks/transports.ts'
import type { History } from '../contract/events.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import type { Lacking } from '../environments/errors.ts'
import type { Beside } from '../environments/requirements.ts'
import type { StaleEntry } from '../explore/judge.ts'
import type { Verdict } from '../explore/verdict.ts'
import type { Defect } from '../known/defect.ts'
import type { Plan } from '../plan/types.ts'
import type { Observations } from '../repro/asked.ts'
import type { ReproCode } from '../repro/load-repro.ts'
import type { Traffic } from '../repro/traffic.ts'

/** The settings of a run of scenarios. They are plain data, because they are sent to the workers. */
export interface Settings {
  /** Fixes all generated plans. */
  seed: number
  /** Number of plans per generated scenario. */
  runs: number
  /** Milliseconds of exploration per generated scenario, instead of `runs`. */
  time?: number
  transport: TransportName
  /** Invariants and comparisons to check. Absent: all. */
  invariants?: string[]
  /** Files and folders of recordings. */
  recordings: string[]
  /** Cases to run, such as `recordings/<id>`. Scenarios without a case in the list run all their cases. */
  cases?: string[]
  /** A plan to run instead of all others. */
  replay?: Replay
  /** Defects to put into the runtime one by one. Absent: the runtime without defects. */
  defects?: Claim[]
  /** Names of variants to put into the runtime one by one. Absent: the runtime as it is. */
  variants?: string[]
  /** The executions that ended earlier workers. */
  lost: Lost[]
  /** Cases that already have verdicts. */
  done: { runtime: string; scenario: string }[]
  /** Scenario files that lost too many workers. Their remaining cases do not run. */
  givenUp: { runtime: string; scenario: string }[]
  /** As `2026-11-20`. */
  today: string
}

/** The claim of a defect: which scenario finds it, which invariant it breaks with which cause, and in how large a plan. */
export type Claim = Pick<Defect, 'name' | 'scenario' | 'breaks' | 'cause' | 'smallest'>

/** A plan to run again. */
export interface Replay {
  scenario: string
  plan: Plan
  /** Whether to record the traffic instead of checking the plan. */
  record?: true
  /** How often the plan runs. The seed decides random delays before each gate. Only over http. Absent: once, without delays. */
  repeat?: { times: number; seed: number }
  /** Whether each violation comes with the whole history that shows it. */
  keepsHistory?: true
  /** Whether the history of the plan comes with its verdicts, also if the plan breaks no rule. */
  tellsHistory?: true
  /** Whether known.yaml applies to the plan. */
  usesKnown?: true
}

/** The traffic of a plan, and what was observed from outside. */
export interface RecordedRun {
  traffic: Traffic
  seen: Observations
  /** The source text from the runtime's `repro.ts`. Absent without that file. */
  repro?: ReproCode
}

/** An execution that ended its worker. `execution` is its index in the case, from 0. */
export interface Lost {
  runtime: string
  scenario: string
  execution: number
  /** `hung`: the watchdog ended the process. `died`: the process ended by itself. */
  how: 'hung' | 'died'
  message: string
}

/**
 * Names for the work of a worker outside its cases, for the journal and for lost executions. No recording id has this form.
 * The executions of kept plans are counted separately.
 */
export const otherWork = { loading: '(loading)', between: '(between cases)', known: '(known)' } as const

/** A runtime to test. Its folder contains an `adapter.ts`, or a `manifest.yaml` if the runtime runs in its own process. */
export interface Subject {
  /** NAME, NAME+DEFECT, NAME+VARIANT or NAME@VERSION, as on the command line, with the choices of `--with`. Unique within a run. */
  name: string
  folder: string
  /** The name of a defect or a variant to put into the runtime: a file in its folder `defects` or `variants`. */
  defect?: string
  /** A version other than that of the folder. known.yaml does not apply to it. */
  version?: string
  /** Chosen versions of packages beside the runtime's own. `version` is always there as well. */
  beside?: Beside
  /** The command of the driver. Absent before the environment is prepared, and for runtimes without a driver. */
  driver?: DriverCommand
  /** The runtime of `--against`. Both runtimes run in their own processes. */
  against?: Subject
  /** A plan to run on this runtime, instead of the plans of the settings. */
  replay?: Replay
  /** Why the runtime cannot run here. */
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
    stale?: StaleEntry[]
    /** Parts of a recording that are not replayed, with the reasons. */
    leftOut?: string[]
    /** Effects of the runtime on its process that no invariant covers, one line each. */
    notes?: string[]
    /** Why the runtime was refused: a mistake in its adapter or driver that its author can correct. */
    refused?: string
    /** The secret that identifies the worker. */
    token?: string
    recorded?: RecordedRun
    /** The history of a replayed plan, if it was asked for. */
    history?: History
  }
}

/** Returns the settings of `vitest --project NAME`. */
export function buildDefaults(now: Date): Settings {
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
