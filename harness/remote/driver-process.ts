import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { toShortJson } from '../../mocks/json.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import { endWithThisProcess, hasGroups, killGroup } from './process-group.ts'
import { type FromDriver, fromDriver, PROTOCOL, type ToDriver } from './protocol.ts'

/** How long a driver may take until it is ready, in milliseconds: on a busy machine Python packages take long to import. */
export const READY_MS = 120_000

/** Who hears a driver. */
export interface DriverListener {
  hear(message: FromDriver): void | Promise<void>
  /** What it wrote to its standard error by other ways than the protocol. */
  wrote(text: string): void
  /** It will say nothing more. `died`: it ended by itself; else we ended it. */
  gone(why: string, died: boolean): void
}

/** A driver's process, in a process group of its own that ends with this process. It is heard by one at a time, line by line: the next when what the last one settles has settled. */
export class DriverProcess {
  readonly ready: Promise<Extract<FromDriver, { type: 'ready' }>>
  /** A plan is open in it. */
  engaged = false
  /** Where it tried to get to while it was loaded: every plan on it is on a runtime that does so. */
  readonly reachedFor: string[] = []
  readonly #child: ChildProcess
  readonly #release: () => void
  readonly #lines: string[] = []
  #ears: DriverListener
  #reading = false
  #alive = true
  #why = ''
  #died = false
  #last = ''

  /** `readyMs`: the milliseconds after which a driver that is not ready is ended. */
  constructor({ command, args, env }: DriverCommand, readyMs: number = READY_MS) {
    const child = spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], detached: hasGroups })
    this.#child = child
    this.#release = endWithThisProcess(child)
    const limit = setTimeout(() => this.kill(`it did not say ready within ${readyMs / 1000} s`), readyMs)
    const { promise, resolve, reject } = Promise.withResolvers<Extract<FromDriver, { type: 'ready' }>>()
    this.ready = promise
    this.ready.catch(() => {}).finally(() => clearTimeout(limit))
    this.#ears = {
      hear: (message) => {
        if (message.type === 'ready') resolve(message)
        if (message.type === 'log' && message.what === 'egress') this.reachedFor.push(message.message)
        if (message.type === 'error') reject(new AdapterFault(`the driver: ${message.message}`))
      },
      wrote: () => {},
      gone: (why) => reject(new AdapterFault(`the driver ended before it was ready: ${why}${this.#told()}`)),
    }
    child.stdout?.setEncoding('utf8')
    createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
      this.#lines.push(line)
      void this.#read()
    })
    child.stderr?.setEncoding('utf8')
    child.stderr?.on('data', (text: string) => {
      this.#last = (this.#last + text).slice(-LAST)
      this.#ears.wrote(text)
    })
    // What is written to a driver that is gone is lost: that it is gone is told by itself.
    child.stdin?.on('error', () => {})
    // A child of the driver that holds its pipes would keep them open: no close would come.
    child.once('exit', () => killGroup(child))
    child.once('error', (error) => this.#ended(error.message))
    child.once('close', (code, signal) => this.#ended(signal ? `ended by ${signal}` : `exit code ${code}`))
    this.send({ type: 'hello', protocol: PROTOCOL })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** From here on this one hears it. */
  heardBy(ears: DriverListener): void {
    this.#ears = ears
    if (!this.#alive) ears.gone(this.#why, this.#died)
  }

  send(message: ToDriver): void {
    if (this.#alive) this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  /** Ends it, without asking. */
  kill(why: string): void {
    if (!this.#alive) return
    killGroup(this.#child)
    this.#ended(why, false)
  }

  /** A process of ours that has nothing else to do does not wait for it. */
  unref(): void {
    this.#child.unref()
    for (const pipe of [this.#child.stdin, this.#child.stdout, this.#child.stderr])
      (pipe as unknown as { unref?(): void } | null)?.unref?.()
  }

  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    for (let line = this.#lines.shift(); line !== undefined && this.#alive; line = this.#lines.shift()) {
      const message = parseMessage(line)
      if (typeof message === 'string') this.kill(message)
      else await this.#ears.hear(message)
    }
    this.#reading = false
  }

  #ended(why: string, died = true): void {
    if (!this.#alive) return
    this.#alive = false
    this.#why = why
    this.#died = died
    this.#release()
    this.#ears.gone(why, died)
  }

  #told(): string {
    return this.#last.trim() === '' ? '' : `: ${this.#last.trim()}`
  }
}

/** So much of what it wrote last is told where it did not come up, in characters. */
const LAST = 1_000

/** A line as a message; what is wrong with it where it is none. */
function parseMessage(line: string): FromDriver | string {
  try {
    const read = fromDriver.safeParse(JSON.parse(line))
    if (read.success) return read.data
    const [issue] = read.error.issues
    return `found ${toShortJson(line)}, expected a message of the protocol: ${issue?.path.join('.')}: ${issue?.message}`
  } catch {
    return `found ${toShortJson(line)}, expected a line of JSON`
  }
}
