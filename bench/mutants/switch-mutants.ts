import { registerHooks, stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Switches the mutants of one instrumented runtime. */
export interface MutantSwitch {
  /**
   * Switches a mutant on, and all others off. Files that are imported from now on are loaded anew, because some mutants change
   * what happens while a file is loaded.
   */
  activate(id: string): void
  /** Switches all mutants off. Files are loaded anew as well. */
  deactivate(): void
  /** Says which plan is run, for the coverage. Absent: the runtime is being loaded. */
  notePlan(plan?: number): void
  /** Returns the mutants that the code has reached: at load, and for each plan. */
  readCoverage(): Coverage
}

export interface Coverage {
  atLoad: string[]
  /** The mutants by the number of the plan. */
  byPlan: Record<string, string[]>
}

/** What instrumented code reads and writes. Stryker decides these names. */
interface StrykerState {
  activeMutant?: string
  currentTestId?: string
  mutantCoverage?: { static: Record<string, number>; perTest: Record<string, Record<string, number>> }
}

/** Makes this process load the instrumented source of a runtime in place of its files. `sources`: TypeScript by path in `folder`. */
export function switchMutants(folder: string, sources: Readonly<Record<string, string>>): MutantSwitch {
  const code = new Map(
    Object.entries(sources).map(([file, source]) => [
      pathToFileURL(join(folder, file)).href,
      stripTypeScriptTypes(source),
    ]),
  )
  const state: StrykerState = {}
  Object.assign(globalThis, { __stryker__: state })
  let generation = 0
  registerHooks({
    resolve(specifier, context, next) {
      const found = next(specifier, context)
      return code.has(found.url) ? { ...found, url: `${found.url}?mutated=${generation}` } : found
    },
    load(url, context, next) {
      const source = code.get(url.split('?')[0] ?? '')
      return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true }
    },
  })
  return {
    activate(id) {
      generation++
      state.activeMutant = id
    },
    deactivate() {
      generation++
      delete state.activeMutant
    },
    notePlan(plan) {
      if (plan === undefined) delete state.currentTestId
      else state.currentTestId = `plan ${plan}`
    },
    readCoverage() {
      const { static: atLoad = {}, perTest = {} } = state.mutantCoverage ?? {}
      const byPlan = Object.entries(perTest).map(([plan, reached]) => [
        plan.split(' ')[1],
        Object.keys(reached),
      ])
      return { atLoad: Object.keys(atLoad), byPlan: Object.fromEntries(byPlan) }
    },
  }
}
