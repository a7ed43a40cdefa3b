import { fileURLToPath } from 'node:url'
import { findIsolation } from '../../harness/isolation/launch.ts'
import { startIsolated } from '../../harness/isolation/start.ts'
import { jsonOf } from '../../mocks/limits.ts'

/** What a file exports by default, as far as it is plain data; or why it cannot be loaded. */
export type Exported = { value: unknown } | { problem: string }

/** What all files together may take to load, in milliseconds. */
const LIMIT = 60_000

/** The most that all of them may say, in characters. */
const MOST = 8_000_000

const program = fileURLToPath(new URL('load-defects.ts', import.meta.url))

/**
 * Returns what each file exports by default, in the order of the files. The files are code of a runtime's, so a process
 * that is isolated loads them. A file that ends that process or never loads is the last that is known of.
 */
export async function exportedBy(paths: readonly string[]): Promise<Exported[]> {
  const child = startIsolated(
    findIsolation(),
    [process.execPath, '--import', 'tsx', program, ...paths],
    { given: process.env },
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'], timeout: LIMIT, killSignal: 'SIGKILL' },
  )
  let said = ''
  child.stdio[3]?.on('data', (text: Buffer) => {
    if (said.length < MOST) said += text.toString()
  })
  await new Promise((resolve) => child.once('close', resolve))
  const lines = said.split('\n').slice(0, -1)
  return paths.map((_, place) => readLine(lines[place]))
}

const ENDED = 'found that it ends the process or never loads, expected a defect'

function readLine(line: string | undefined): Exported {
  const read =
    line === undefined ? undefined : (jsonOf(line) as Partial<{ value: unknown; problem: unknown }>)
  if (typeof read !== 'object' || read === null) return { problem: ENDED }
  return 'problem' in read ? { problem: `cannot be loaded: ${read.problem}` } : { value: read.value }
}
