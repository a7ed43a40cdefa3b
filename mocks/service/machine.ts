import type { ModelTable } from '../request-rules/models.ts'
import type { Attempts } from './attempts.ts'
import type { FactOptions } from './options.ts'
import type { Random } from './random.ts'
import type { Script } from './script.ts'
import type { Store } from './store.ts'
import type { Gate, ServiceWatch } from './watch.ts'

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
  models: ModelTable | undefined
}

export interface Seal {
  make(): string
  verifies(sealed: string): boolean
}

/** Unix seconds. */
export function secondsOf(machine: Machine): number {
  return Math.floor(machine.now() / 1000)
}
