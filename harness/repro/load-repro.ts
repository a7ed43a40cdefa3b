import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { toShortJson } from '../../mocks/json.ts'
import { describeError } from '../contract/error-shape.ts'
import { findNameError } from '../environments/names.ts'
import type { Plan } from '../plan/types.ts'

/** What a runtime's `repro.ts` returns for a plan, as plain data. */
export interface ReproCode {
  packages: string[]
  code: { imports: string; body: string }
}

/** The maximum length of the source text, in UTF-16 units. */
const LONGEST = 4_000_000

/**
 * Returns what the `repro.ts` in a runtime's folder returns for a plan, or undefined if there is no such file. The file is
 * foreign code like the adapter, so this must run in a worker and never in the process of a command. Throws an error that
 * names the file if it cannot be loaded or does not export a `Repro` (code.ts).
 */
export async function buildReproCode(folder: string, plan: Plan): Promise<ReproCode | undefined> {
  const path = join(folder, 'repro.ts')
  if (!existsSync(path)) return undefined
  const { packages, code } = await callRepro(path, plan)
  const names: unknown[] = Array.isArray(packages) ? packages : [packages]
  for (const name of names)
    if (typeof name !== 'string' || findNameError(name, 'npm') !== undefined)
      throw new Error(
        `repro.ts, repro.packages: found ${toShortJson(name)}, expected ${findNameError('', 'npm')}`,
      )
  const { imports, body } = (code ?? {}) as { imports?: unknown; body?: unknown }
  for (const [place, text] of [
    ['imports', imports],
    ['body', body],
  ])
    if (typeof text !== 'string' || text.length > LONGEST)
      throw new Error(`repro.ts, repro.code(), ${place}: found ${toShortJson(text)}, expected source text`)
  return { packages: names.map(String), code: { imports: String(imports), body: String(body) } }
}

async function callRepro(path: string, plan: Plan): Promise<{ packages: unknown; code: unknown }> {
  try {
    const { repro } = (await import(pathToFileURL(path).href)) as { repro?: unknown }
    const { packages, code } = (repro ?? {}) as { packages?: unknown; code?: unknown }
    if (typeof code !== 'function')
      throw new Error(`export repro, code: found ${toShortJson(code)}, expected a function`)
    return { packages, code: code.call(repro, plan) as unknown }
  } catch (error) {
    throw new Error(`repro.ts: ${describeError(error).message}`)
  }
}
