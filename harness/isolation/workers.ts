import type { ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PoolOptions, PoolRunnerInitializer, PoolWorker } from 'vitest/node'
import { findIsolation, type Isolation } from './launch.ts'
import { WorkerProcess } from './worker-process.ts'

/**
 * The worker processes of one run, by their numbers. Only processes that were started here are watched or ended:
 * a number that a worker itself names is never believed.
 */
export class Workers {
  readonly isolation: Isolation
  /** Where Node's reports of fatal errors are written, one folder a worker. */
  readonly #reports: string | undefined
  readonly #processes = new Map<string, ChildProcess>()
  /** The runtime of each worker, by the worker's secret. */
  readonly #runtimes = new Map<string, string>()
  #count = 0

  /** `reports`: an existing folder; absent: Node writes none. */
  constructor(reports?: string, isolation: Isolation = findIsolation()) {
    this.#reports = reports
    this.isolation = isolation
  }

  /** Returns Vitest's pool of these workers. */
  pool(): PoolRunnerInitializer {
    return {
      name: 'isolated',
      createPoolWorker: (options: PoolOptions): PoolWorker => {
        const id = String(++this.#count)
        const token = randomBytes(16).toString('hex')
        this.#runtimes.set(token, options.project.name)
        return new WorkerProcess(options, this.isolation, {
          id,
          token,
          execArgv: this.#reporting(id),
          started: (child) => {
            this.#processes.set(id, child)
            child.once('exit', () => this.#processes.delete(id))
          },
        })
      },
    }
  }

  /** Whether a result that has this secret comes from a worker of this runtime: no worker speaks for another. */
  isOf(runtime: string, token: string | undefined): boolean {
    return token !== undefined && this.#runtimes.get(token) === runtime
  }

  /** Returns the process id of a worker that is running, as this process sees it. */
  pid(id: string): number | undefined {
    return this.#processes.get(id)?.pid
  }

  /** Ends a worker and all that it started. Returns whether it was running. */
  end(id: string): boolean {
    return this.#processes.get(id)?.kill('SIGKILL') ?? false
  }

  /** Returns the folder in which Node reports a worker's fatal error. */
  reportsOf(id: string): string | undefined {
    return this.#reports === undefined ? undefined : join(this.#reports, id)
  }

  #reporting(id: string): string[] {
    const folder = this.reportsOf(id)
    if (folder === undefined) return []
    mkdirSync(folder, { recursive: true })
    const only = ['--report-compact', '--report-exclude-network', '--report-exclude-env']
    return ['--report-on-fatalerror', ...only, `--report-directory=${folder}`]
  }
}
