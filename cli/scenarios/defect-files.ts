import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { findIsolation } from '../../harness/isolation/launch.ts'
import { startIsolated } from '../../harness/isolation/start.ts'
import { parseJsonOrUndefined } from '../../mocks/limits.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'

/** The default export of a file as plain data, or the reason why the file cannot be loaded. */
type Exported = { value: unknown } | { problem: string }

/** Time limit for loading all files, in milliseconds. */
const LIMIT = 60_000

/** Maximum length of the data of all files, in characters. */
const MOST_CHARACTERS = 8_000_000

const program = fileURLToPath(new URL('load-defects.ts', import.meta.url))

/**
 * Returns the default export of each file in a runtime's folder of defects or variants, in the order of their names. Throws a
 * `UsageError` if the folder does not exist or a file cannot be loaded.
 */
export async function readFolder(
  runtime: string,
  kind: 'defects' | 'variants',
): Promise<{ file: string; value: unknown }[]> {
  const path = join(runtime, kind)
  if (!existsSync(path)) throw new UsageError(`${kind}: found no ${path}, expected a folder of ${kind}`)
  const files = readdirSync(path).filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  files.sort()
  const exported = await loadDefaultExports(files.map((file) => join(path, file)))
  return files.map((file, place) => {
    const one = exported[place] as Exported
    if ('problem' in one) throw new UsageError(`${file}: ${toPrintable(one.problem, 1000)}`)
    return { file, value: one.value }
  })
}

/**
 * Returns the default export of each file. The files are code of a runtime, so an isolated process loads them. If a file
 * ends that process or never loads, the files after it have no data either.
 */
async function loadDefaultExports(paths: readonly string[]): Promise<Exported[]> {
  const child = startIsolated(
    findIsolation(),
    [process.execPath, '--import', 'tsx', program, ...paths],
    { given: process.env },
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], timeout: LIMIT, killSignal: 'SIGKILL' },
  )
  let said = ''
  child.stdio[3]?.on('data', (text: Buffer) => {
    if (said.length < MOST_CHARACTERS) said += text.toString()
  })
  await new Promise((resolve) => child.once('close', resolve))
  const lines = said.split('\n').slice(0, -1)
  return paths.map((_, place) => readLine(lines[place]))
}

const ENDED = 'the file ends the process or never loads, expected a defect or a variant'

function readLine(line: string | undefined): Exported {
  const read =
    line === undefined
      ? undefined
      : (parseJsonOrUndefined(line) as Partial<{ value: unknown; problem: unknown }>)
  if (typeof read !== 'object' || read === null) return { problem: ENDED }
  return 'problem' in read ? { problem: `cannot be loaded: ${read.problem}` } : { value: read.value }
}
