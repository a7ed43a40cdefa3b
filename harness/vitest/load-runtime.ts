import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObject, shown } from '../../mocks/json.ts'
import { errorShape, type Runtime } from '../runtime.ts'
import type { Subject } from './settings.ts'

/** The runtime of a project's adapter; the reason where it cannot be loaded. */
export async function loadRuntime({ name, folder }: Subject): Promise<Runtime | string> {
  try {
    const module = (await import(pathToFileURL(join(folder, 'adapter.ts')).href)) as { runtime?: unknown }
    const wrong = wrongRuntime(module.runtime)
    return wrong === undefined ? (module.runtime as Runtime) : `${name}: adapter.ts, export runtime: ${wrong}`
  } catch (error) {
    const { name: kind, message } = errorShape(error)
    return `${name}: adapter.ts could not be loaded: ${kind}: ${message}`
  }
}

/** What of an adapter's export is not as the contract has it; undefined: nothing. */
export function wrongRuntime(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return `found ${shown(given)}, expected an object`
  const { name, version, supports, hooks, open } = given as Record<keyof Runtime, unknown>
  const parts: [string, boolean, unknown, string][] = [
    ['name', typeof name === 'string' && name !== '', name, 'a string'],
    ['version', typeof version === 'string', version, 'a string'],
    ['supports', supports instanceof Set, supports, 'a Set of capabilities'],
    ['hooks', isObject(hooks), hooks, 'an object'],
    ['open', typeof open === 'function', open, 'a function'],
  ]
  const [wrong] = parts.filter(([, right]) => !right)
  return wrong && `${wrong[0]}: found ${shown(wrong[2])}, expected ${wrong[3]}`
}
