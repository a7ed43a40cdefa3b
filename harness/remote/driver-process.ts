import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { toShortJson } from '../../mocks/json.ts'
import { AdapterFault } from '../contract/runtime.ts'
import type { DriverCommand } from '../environments/driver-command.ts'
import { endWithThisProcess, hasGroups, killGroup } from './process-group.ts'
import { type FromDriver, fromDriver, PROTOCOL, type ToDriver } from './protocol.ts'

/**
 * How long a driver may take to become ready, in milliseconds. On a busy machine, Python packages take long to
 * import.
 */
export const READY_MS = 120_000

/** Receives what a driver reports. */
export interface DriverListener {
  hear(message: FromDriver): void | Promise<void>
  /** What it wrote to its standard error by other ways than the protocol. */
  wrote(text: string): void
  /** Called when the driver is gone. `died`: it ended by itself, not because we ended it. */
  gone(why: string, died: boolean): void
}

/** A driver's process, in a process group of its own that ends with this process. It is heard by one at a time, line by line: the next when what the last one settles has settled. */
export class DriverProcess {
  readonly ready: Promise<Extract<FromDriver, { type: 'ready' }>>
  /** Whether a plan is open in the driver. */
  engaged = false
  /** Whether the driver has opened a plan. The first one may import packages, which takes its time. */
  hasOpened = false
  /** How long it may take to open its first plan, in milliseconds. */
  readonly firstOpenMs: number
  /** Destinations that the driver tried to reach while it was loaded. Each plan's history lists them. */
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

  /** `readyMs`: after this time, a driver that is not ready is ended. */
  constructor({ command, args, env }: DriverCommand, readyMs = READY_MS, firstOpenMs = READY_MS) {
    this.firstOpenMs = firstOpenMs
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
    // Data written to a driver that is gone is lost. Its end is reported elsewhere.
    child.stdin?.on('error', () => {})
    // A child of the driver may hold the driver's pipes open, so `close` would never come.
    child.once('exit', () => killGroup(child))
    child.once('error', (error) => this.#ended(error.message))
    child.once('close', (code, signal) => this.#ended(signal ? `ended by ${signal}` : `exit code ${code}`))
    this.send({ type: 'hello', protocol: PROTOCOL })
  }

  get alive(): boolean {
    return this.#alive
  }

  /** Makes `ears` the receiver of all further messages. */
  heardBy(ears: DriverListener): void {
    this.#ears = ears
    if (!this.#alive) ears.gone(this.#why, this.#died)
  }

  send(message: ToDriver): void {
    if (this.#alive) this.#child.stdin?.write(`${JSON.stringify(message)}\n`)
  }

  /** Ends the driver at once. */
  kill(why: string): void {
    if (!this.#alive) return
    killGroup(this.#child)
    this.#ended(why, false)
  }

  /** Lets this process end although the driver still runs. */
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

/** How much of a driver's last output an error shows, in characters. */
const LAST = 1_000

/** Returns the message in a line. If the line is no message, returns what is wrong with it. */
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
