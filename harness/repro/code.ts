import type { Plan } from '../plan/types.ts'

/** How a runtime is driven without the harness, as source text: what a runtime's `repro.ts` exports as `repro`. */
export interface Repro {
  /** The packages of the runtime, as its package.json names them. */
  packages: readonly string[]
  /**
   * The source that has the conversations of a plan. It may use `client` options for `https://api.openai.com/v1`, and what
   * every reproduction has: `watch`, `order`, `acting`.
   */
  code(plan: Plan): { imports: string; body: string }
}
