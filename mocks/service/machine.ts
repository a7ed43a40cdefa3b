import type { ModelTable } from '../request-rules/models.ts'
import type { Attempts } from './attempts.ts'
import type { FactOptions } from './options.ts'
import type { Random } from './random.ts'
import type { Script, ScriptRequest } from './script.ts'
import type { SocketMemory } from './socket/memory.ts'
import type { Store } from './store.ts'
import type { ScriptedAnswer } from './types.ts'
import type { Gate, ServiceWatch } from './watch.ts'

/**
 * The parts of a service. Every endpoint gets them. Each request has its own random source; everything else is shared.
 */
export interface Machine {
  store: Store
  facts: FactOptions
  script: Script
  /** Answers a request for which the script has no answer. */
  unscripted: (request: ScriptRequest) => ScriptedAnswer
  /** Milliseconds. */
  now(): number
  /** The random source of the request that is being answered. */
  random: Random
  /** Returns the random source for the sizes of a text's deltas. Undefined: that of the request. */
  cutBy: ((text: string) => Random) | undefined
  /** Returns the padding of a delta. */
  padDelta(delta: string): string
  /** Makes and verifies encrypted content. */
  seal: Seal
  attempts: Attempts
  watch: ServiceWatch
  gate: Gate | undefined
  apiKey: string | undefined
  models: ModelTable | undefined
  /** What the connection of a request over a WebSocket holds; undefined for HTTP. */
  socket: SocketMemory | undefined
}

export interface Seal {
  makeSeal(): string
  isSealValid(sealed: string): boolean
}

/** Returns the time in Unix seconds. */
export function readSeconds(machine: Machine): number {
  return Math.floor(machine.now() / 1000)
}
