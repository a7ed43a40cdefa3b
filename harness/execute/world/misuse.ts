import { AdapterFault } from '../../contract/runtime.ts'

/**
 * What an adapter does with the world that its contract forbids. A runtime may swallow an error that is thrown inside its own hooks
 * and tools, so the fault is kept here, and the plan fails with it.
 */
export class Misuse {
  #first: AdapterFault | undefined

  /** The first fault. Undefined if there is none. */
  get first(): AdapterFault | undefined {
    return this.#first
  }

  note(message: string): void {
    this.#first ??= new AdapterFault(message)
  }
}
