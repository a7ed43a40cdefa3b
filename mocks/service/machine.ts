import type { Attempts } from './attempts.ts'
import type { FactOptions } from './options.ts'
import type { Random } from './random.ts'
import type { Script } from './script.ts'
import type { Store } from './store.ts'
import type { Gate, ServiceWatch } from './watch.ts'

/** What a model of the service can do; a service without models takes every name, and every model can do everything. */
export interface ModelSpec {
  /** Tokens that a context may have; more is refused (or cut, with `truncation: auto`). */
  contextWindow?: number
  /** Values of `reasoning.effort`; others are refused. */
  efforts?: readonly string[]
  /** False: `temperature` is refused. */
  temperature?: boolean
  /** False: `include: reasoning.encrypted_content` is refused. */
  encryptedReasoning?: boolean
}

/** All that a service is made of, handed to every endpoint; one a request, all but its random source shared. */
export interface Machine {
  store: Store
  facts: FactOptions
  script: Script
  /** Milliseconds. */
  now(): number
  /** Of the request that is being answered. */
  random: Random
  /** Padding of deltas. */
  pad(delta: string): string
  /** Makes and verifies what only the service can read. */
  seal: Seal
  attempts: Attempts
  watch: ServiceWatch
  gate: Gate | undefined
  apiKey: string | undefined
  models: Readonly<Record<string, ModelSpec>> | undefined
}

export interface Seal {
  make(): string
  verifies(sealed: string): boolean
}

/** Unix seconds. */
export function secondsOf(machine: Machine): number {
  return Math.floor(machine.now() / 1000)
}
