import type { Plan } from '../plan/types.ts'

/** Generates scripts that drive a runtime without the harness. A runtime's `repro.ts` exports it as `repro`. */
export interface Repro {
  /** The packages of the runtime, by their names in its package.json. */
  packages: readonly string[]
  /**
   * Returns source text that runs the conversations of a plan against `https://api.openai.com/v1`. It may use `watch`, `order`
   * and `callTool`, which every script defines (reports/repro/pieces).
   */
  code(plan: Plan): { imports: string; body: string }
}
