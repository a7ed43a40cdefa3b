import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node'
import { JournalReader } from '../vitest/journal.ts'
import { findIsolation, type Isolation } from './launch.ts'
import { waitForEnd } from './process-end.ts'
import { WorkerProcess } from './worker-process.ts'

/** A worker process. Its reports come through a pipe that no other worker has. */
export interface Worker {
  /** The runtime that it was started for. */
  runtime: string
  journal: Pick<JournalReader, 'size' | 'standing'>
  /** The folder in which Node reports its fatal error. */
  reports?: string
  /** Its process id as this process sees it; absent once it has ended. */
  pid?: number
  /** Resolves when the worker has ended and all its output was read. */
  closed: Promise<unknown>
  /** Ends it and all that it started. Returns whether it was running. */
  end(): boolean
}

/**
 * The worker processes of one run. Only processes that were started here are watched or ended, and a worker cannot
 * report for another.
 */
export class Workers {
  readonly isolation: Isolation
  /** All workers, in the order in which they were started. */
  readonly started: Worker[] = []
  readonly #reports: string | undefined
  /** The runtime of each worker, by the worker's secret. */
  readonly #runtimes = new Map<string, string>()

  /** `reports`: an existing folder in which Node reports fatal errors; absent: it reports none. */
  constructor(reports?: string, isolation: Isolation = findIsolation()) {
    this.#reports = reports
    this.isolation = isolation
  }

  /** Returns Vitest's pool of these workers. */
  pool(): PoolRunnerInitializer {
    return { name: 'isolated', createPoolWorker: (options) => this.#open(options) }
  }

  /** Returns whether a result with this secret comes from a worker of this runtime. */
  isOf(runtime: string, token: string | undefined): boolean {
    return token !== undefined && this.#runtimes.get(token) === runtime
  }

  #open(options: PoolOptions): PoolWorker {
    const token = randomBytes(16).toString('hex')
    const runtime = options.project.name
    this.#runtimes.set(token, runtime)
    const journal = new JournalReader()
    const reports = this.#folderFor(this.#runtimes.size)
    return new WorkerProcess(options, this.isolation, {
      token,
      execArgv: reports === undefined ? [] : buildReportOptions(reports),
      journal: (text) => journal.feed(text),
      started: (child) => void this.started.push(buildWorker(child, runtime, journal, reports)),
    })
  }

  #folderFor(number: number): string | undefined {
    if (this.#reports === undefined) return undefined
    const folder = join(this.#reports, String(number))
    mkdirSync(folder, { recursive: true })
    return folder
  }
}

function buildWorker(
  child: ChildProcess,
  runtime: string,
  journal: JournalReader,
  reports: string | undefined,
): Worker {
  const worker: Worker = {
    runtime,
    journal,
    ...(reports === undefined ? {} : { reports }),
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    closed: waitForEnd(child, 'close'),
    end: () => worker.pid !== undefined && child.kill('SIGKILL'),
  }
  child.once('exit', () => delete worker.pid)
  return worker
}

function buildReportOptions(folder: string): string[] {
  const only = ['--report-compact', '--report-exclude-network', '--report-exclude-env']
  return ['--report-on-fatalerror', ...only, `--report-directory=${folder}`]
}
