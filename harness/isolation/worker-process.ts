import type { ChildProcess } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { join } from 'node:path'
import type { PoolOptions, PoolWorker, WorkerRequest } from 'vitest/node'
import { JOURNAL } from '../vitest/journal.ts'
import type { Isolation } from './launch.ts'
import { waitForEnd } from './process-end.ts'
import { startIsolated } from './start.ts'
import { ISOLATION, TOKEN } from './worker-environment.ts'
import { isOrdinaryMessage } from './worker-messages.ts'

/** What a worker is started with, beside Vitest's own options. */
export interface WorkerSetup {
  /** The secret that marks its results. */
  token: string
  /** Options of Node for this worker alone. */
  execArgv: readonly string[]
  /** Called with what the worker writes into its journal. */
  journal(text: string): void
  /** Called when the process has been started. */
  started(child: ChildProcess): void
}

/** Returns the variable that lets Node keep compiled code. The worker drops it before a runtime is loaded. */
function nameCompileCache(): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env
  return NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }
}

type Listener = Parameters<PoolWorker['on']>[1]

/**
 * A Vitest worker that is a process of its own, isolated, with a clean environment and a home folder that is removed when
 * the process ends. It speaks with Vitest exactly as the workers of Vitest's own pool `forks` do.
 */
export class WorkerProcess implements PoolWorker {
  readonly name = 'isolated'
  readonly cacheFs = true
  readonly #options: PoolOptions
  readonly #isolation: Isolation
  readonly #setup: WorkerSetup
  readonly #errors = new EventEmitter()
  readonly #listeners = new WeakMap<Listener, Listener>()
  #child: ChildProcess | undefined

  constructor(options: PoolOptions, isolation: Isolation, setup: WorkerSetup) {
    this.#options = options
    this.#isolation = isolation
    this.#setup = setup
  }

  async start(): Promise<void> {
    if (this.#child) return
    const { distPath, execArgv, env } = this.#options
    const command = [
      process.execPath,
      ...execArgv,
      ...this.#setup.execArgv,
      join(distPath, 'workers/forks.js'),
    ]
    const child = startIsolated(
      this.#isolation,
      command as [string, ...string[]],
      {
        given: { ...process.env, ...env },
        own: { ...nameCompileCache(), [TOKEN]: this.#setup.token, [ISOLATION]: this.#isolation },
      },
      { stdio: ['pipe', 'pipe', 'pipe', 'ipc', 'pipe'], serialization: 'advanced' },
    )
    this.#child = child
    // A message to a dying worker is lost. Its exit is reported elsewhere.
    child.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE' && error.code !== 'ERR_IPC_CHANNEL_CLOSED') this.#errors.emit('error', error)
    })
    const { outputStream, errorStream } = this.#options.project.vitest.logger
    for (const [from, to] of [
      [child.stdout, outputStream],
      [child.stderr, errorStream],
    ] as const) {
      // All workers write to the same two streams.
      to.setMaxListeners(0)
      from?.pipe(to, { end: false })
    }
    const journal = child.stdio[JOURNAL]
    journal?.on('data', (bytes: Buffer) => this.#setup.journal(bytes.toString('latin1')))
    // A worker that is ended in the midst of a line breaks the pipe.
    journal?.on('error', () => {})
    this.#setup.started(child)
  }

  async stop(): Promise<void> {
    const child = this.#started()
    if (child.exitCode === null && child.signalCode === null) {
      const gone = waitForEnd(child, 'exit')
      child.kill('SIGKILL')
      await gone
    }
    this.#child = undefined
  }

  on(event: string, listener: Listener): void {
    if (event === 'error') this.#errors.on(event, listener)
    else if (event === 'message') this.#started().on(event, this.#ordinary(listener))
    else this.#started().on(event, listener)
  }

  off(event: string, listener: Listener): void {
    if (event === 'error') this.#errors.off(event, listener)
    else this.#started().off(event, this.#listeners.get(listener) ?? listener)
  }

  /** Returns a listener that only gets messages of Vitest's own worker code. */
  #ordinary(listener: Listener): Listener {
    const hears: Listener = (message) => {
      if (isOrdinaryMessage(message)) listener(message)
    }
    this.#listeners.set(listener, hears)
    return hears
  }

  send(message: WorkerRequest): void {
    this.#started().send(message)
  }

  deserialize(data: unknown): unknown {
    return data
  }

  #started(): ChildProcess {
    if (this.#child === undefined) throw new Error('the worker is not running')
    return this.#child
  }
}
