import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { isObject, toShortJson } from '../../mocks/json.ts'
import { findUnknownWord } from '../contract/capabilities.ts'
import { describeError } from '../contract/error-shape.ts'
import { isLabel, LABEL } from '../contract/label.ts'
import { UnknownWordError } from '../contract/nearest-words.ts'
import type { Runtime } from '../contract/runtime.ts'
import { formatRelease } from '../environments/beside.ts'
import { formatEdits, type SourceEdit, sourceEditsSchema } from '../known/source-edits.ts'
import { type Declarations, readDeclarations } from '../known/variant.ts'
import { startRemote } from '../remote/remote-runtime.ts'
import type { Subject } from './settings.ts'

/** The exports of an adapter.ts. `runtimeOf` builds the runtime with replaced parts; only runtimes with defects have it. */
interface Adapter {
  runtime?: unknown
  runtimeOf?: (parts: unknown) => Runtime
}

/**
 * Loads the runtime of a subject, with its defect or variant if it has one. Returns the reason if the runtime cannot be loaded. Throws an
 * `UnknownWordError` if the runtime says with an unknown word what it can do.
 */
export async function loadRuntime({
  name,
  folder,
  defect,
  version,
  beside,
  driver,
}: Subject): Promise<Runtime | string> {
  try {
    if (driver) return await loadRemote(basename(folder), driver, version, beside)
    const found = defect === undefined ? undefined : await readDefectFile(folder, defect)
    const query = found?.edits === undefined ? '' : formatEdits(found.edits)
    const adapter = (await import(pathToFileURL(join(folder, 'adapter.ts')).href + query)) as Adapter
    const wrong = findContractError(adapter.runtime)
    if (wrong !== undefined) return `${name}: adapter.ts, export runtime: ${wrong}`
    const runtime = adapter.runtime as Runtime
    refuseUnknownWords(`${name}: adapter.ts, export runtime`, runtime)
    if (version !== undefined && runtime.version !== version)
      return `${name}: adapter.ts, export runtime: version: found ${runtime.version}, expected ${version}`
    return found === undefined ? runtime : buildDefective(adapter, name, found)
  } catch (error) {
    if (error instanceof UnknownWordError) throw error
    const { name: kind, message } = describeError(error)
    return `${name}: ${driver ? 'its driver' : 'adapter.ts'} could not be loaded: ${kind}: ${message}`
  }
}

/** Starts a driver with a temporary HOME. The driver ends with this process. */
async function loadRemote(
  name: string,
  { command, args, env }: NonNullable<Subject['driver']>,
  version: string | undefined,
  beside: Subject['beside'],
): Promise<Runtime | string> {
  const home = process.env['HOME'] ?? tmpdir()
  const runtime = await startRemote(name, { command, args, env: { ...env, HOME: home } })
  process.once('exit', runtime.end)
  refuseUnknownWords(`${name}: its driver`, runtime)
  if (!isLabel(runtime.version))
    return `${name}: its driver: version: found ${toShortJson(runtime.version)}, expected ${LABEL}`
  // The reported version names the chosen packages, so that two choices have their own columns and files.
  return version === undefined || runtime.version === version
    ? { ...runtime, version: formatRelease(runtime.version, beside) }
    : `${name}: its driver: version: found ${runtime.version}, expected ${version}`
}

function refuseUnknownWords(where: string, runtime: Runtime): void {
  const unknown = findUnknownWord(runtime)
  if (unknown !== undefined) throw new UnknownWordError(`${where}: ${unknown}`)
}

/** What a file in the folder `defects` or `variants` exports: edits of the source, or parts to replace. */
interface DefectFile {
  file: string
  parts: unknown
  edits?: SourceEdit[]
  /** Only in the folder `variants`. */
  declares?: Declarations
}

/** Reads the file of a defect or a variant. Throws if its edits or its declarations are none. */
async function readDefectFile(folder: string, name: string): Promise<DefectFile> {
  const isVariant = existsSync(join(folder, 'variants', `${name}.ts`))
  const file = join(isVariant ? 'variants' : 'defects', `${name}.ts`)
  const { default: given } = (await import(pathToFileURL(join(folder, file)).href)) as { default?: unknown }
  const { parts, edits, declares } = (given ?? {}) as Record<'parts' | 'edits' | 'declares', unknown>
  return {
    ...{ file, parts },
    ...(edits === undefined ? {} : { edits: sourceEditsSchema.parse(edits) }),
    ...(isVariant && declares !== undefined ? { declares: readDeclarations(declares) } : {}),
  }
}

/** Returns a runtime with a defect or a variant. It has its own name, so entries of known.yaml do not apply to it. */
function buildDefective(
  { runtime, runtimeOf }: Adapter,
  name: string,
  { file, parts, edits, declares = {} }: DefectFile,
): Runtime | string {
  if (edits !== undefined) {
    const { deterministic: _, ...edited } = runtime as Runtime
    return declare({ ...edited, name }, declares)
  }
  if (typeof runtimeOf !== 'function')
    return `${name}: adapter.ts, export runtimeOf: found ${toShortJson(runtimeOf)}, expected a function`
  if (typeof parts !== 'function')
    return `${name}: ${file}, parts: found ${toShortJson(parts)}, expected a function`
  return declare({ ...runtimeOf(parts), name }, declares)
}

/** Returns a runtime that declares some things in another way. */
function declare(runtime: Runtime, { without = [], retries, caughtHooks = {} }: Declarations): Runtime {
  const hooks = Object.entries(runtime.hooks).map(([hook, told]) => {
    const docs = caughtHooks[hook]
    return [hook, docs === undefined ? told : { ...told, docs, caught: true as const }] as const
  })
  return {
    ...runtime,
    supports: new Set([...runtime.supports].filter((one) => !without.includes(one))),
    hooks: Object.fromEntries(hooks),
    ...(retries === undefined ? {} : { retries }),
  }
}

/** Returns how an exported runtime differs from the contract, or undefined if it does not. */
export function findContractError(given: unknown): string | undefined {
  if (typeof given !== 'object' || given === null) return `found ${toShortJson(given)}, expected an object`
  const { name, version, supports, hooks, retries, open } = given as Record<keyof Runtime, unknown>
  const parts: [string, boolean, unknown, string][] = [
    ['name', isLabel(name) && name !== '', name, LABEL],
    ['version', isLabel(version), version, LABEL],
    ['supports', supports instanceof Set, supports, 'a Set of capabilities'],
    ['hooks', isHooks(hooks), hooks, 'an object of { means, docs }'],
    [
      'retries',
      hasRetriesAsDeclared(supports, retries),
      retries,
      'most and docs, only with `retries` in supports',
    ],
    ['open', typeof open === 'function', open, 'a function'],
  ]
  const [wrong] = parts.filter(([, right]) => !right)
  return wrong && `${wrong[0]}: found ${toShortJson(wrong[2])}, expected ${wrong[3]}`
}

function isHooks(hooks: unknown): boolean {
  return isObject(hooks) && Object.values(hooks).every((hook) => isObject(hook) && 'means' in hook)
}

/** Returns whether `retries` is there exactly if the capability of that name is. */
function hasRetriesAsDeclared(supports: unknown, retries: unknown): boolean {
  const isDeclared = supports instanceof Set && supports.has('retries')
  if (retries === undefined) return !isDeclared
  if (!isDeclared || !isObject(retries)) return false
  const { most, docs } = retries
  return Number.isInteger(most) && Number(most) >= 0 && typeof docs === 'string' && docs !== ''
}
