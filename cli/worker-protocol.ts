import type { RecordingVerdicts } from '../harness/verdict.ts'
import type { TransportName } from '../mocks/transports.ts'

/** What a worker is to do: lead the recordings in `paths` through one runtime. */
export interface WorkerJob {
  /** The runtime's folder under runtimes/. */
  runtime: string
  paths: string[]
  /** Ids of the recordings to leave out: those that an earlier worker came to. */
  skip: string[]
  transport: TransportName
  /** How long one run may take, in milliseconds. */
  bound: number
}

export type WorkerReport =
  | { kind: 'runtime'; name: string; version: string }
  | { kind: 'begun'; recording: string }
  | ({ kind: 'verdicts' } & RecordingVerdicts)
  | { kind: 'failed'; reason: string }
