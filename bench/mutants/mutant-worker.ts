import type { ChildProcess } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { PATIENCE, watchWorkers } from '../../cli/scenarios/watchdog.ts'
import { findIsolation } from '../../harness/isolation/launch.ts'
import { waitForEnd } from '../../harness/isolation/process-end.ts'
import { startIsolated } from '../../harness/isolation/start.ts'
import { ISOLATION } from '../../harness/isolation/worker-environment.ts'
import type { Worker } from '../../harness/isolation/workers.ts'
import { JournalReader } from '../../harness/vitest/journal.ts'
import { MOST_HEAP } from '../../harness/vitest/projects.ts'
import type { Lost } from '../../harness/vitest/settings.ts'
import { parseJsonOrUndefined } from '../../mocks/limits.ts'
import type { Tried } from './mutant.ts'
import type { Coverage } from './switch-mutants.ts'

/** What one worker does. It is sent to the worker as JSON. */
export interface MutantTask {
  name: string
  folder: string
  /** The instrumented source by path in the folder. */
  sources: Record<string, string>
  /** The names of the scenarios. */
  scenarios: string[]
  seed: number
  /** The number of plans for each mutant. */
  plans: number
  /** The mutants to try. Absent: only the coverage is measured. */
  mutants?: { id: string; reachedBy?: number[] }[]
}

/** The coverage of the plans, or how the runtime without a mutant breaks a must. */
export type Covered = { coverage: Coverage } | { broken: string }

/** Where a worker is: under which mutant, and in which plan, from 1. Plan 0: the runtime is being loaded. */
export interface Place {
  id: string
  plan: number
  scenario?: string
}

export interface WorkerEnd<Result> {
  results: Result[]
  /** Where the process ended before its work was done, and how. */
  lost?: Place & Pick<Lost, 'how' | 'message'>
  /** What the process wrote to stderr, if it ended without a result. */
  stderr: string
}

/** Returns a place as the name of a case, for the journal. */
export function formatPlace({ id, plan, scenario = '' }: Place): string {
  return `${id}/${plan}/${scenario}`
}

function parsePlace(text: string): Place {
  const [id = '', plan, scenario] = text.split('/')
  return { id, plan: Number(plan), ...(scenario ? { scenario } : {}) }
}

const CHILD = fileURLToPath(new URL('mutant-child.ts', import.meta.url))

/** Longest part of stderr that is kept, in characters. */
const MOST_STDERR = 2_000

/** Runs a task in an isolated process, which is ended if it hangs. `heard` is called with each result. */
export async function runMutantTask<Result extends Tried | Covered>(
  task: MutantTask,
  heard: (result: Result) => void,
): Promise<WorkerEnd<Result>> {
  const folder = await mkdtemp(join(tmpdir(), 'conform-mutants-'))
  try {
    const file = join(folder, 'task.json')
    await writeFile(file, JSON.stringify(task))
    const isolation = findIsolation()
    const flags = [`--max-old-space-size=${MOST_HEAP}`, '--expose-gc', '--no-warnings']
    const child = startIsolated(
      isolation,
      [process.execPath, ...flags, CHILD, file],
      // The same as for every worker of `conform`.
      { given: { ...process.env, NODE_ENV: 'production' }, own: { [ISOLATION]: isolation } },
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe', 'pipe'] },
    )
    return await hearWorker(child, task.name, heard)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function hearWorker<Result>(
  child: ChildProcess,
  runtime: string,
  heard: (result: Result) => void,
): Promise<WorkerEnd<Result>> {
  const results: Result[] = []
  let stderr = ''
  let rest = ''
  child.stderr?.on('data', (text: Buffer) => {
    if (stderr.length < MOST_STDERR) stderr += text.toString()
  })
  child.stdio[3]?.on('data', (bytes: Buffer) => {
    const lines = (rest + bytes.toString('latin1')).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const result = parseJsonOrUndefined(Buffer.from(line, 'latin1').toString()) as Result | undefined
      if (result === undefined) continue
      results.push(result)
      heard(result)
    }
  })
  const journal = new JournalReader()
  child.stdio[4]?.on('data', (bytes: Buffer) => journal.feed(bytes.toString('latin1')))
  const workers: Worker[] = []
  const watchdog = watchWorkers({ workers, patience: PATIENCE.heldClock, seen: () => {} })
  const worker: Worker = {
    runtime,
    journal,
    ...(child.pid === undefined ? {} : { pid: child.pid }),
    closed: waitForEnd(child, 'close'),
    end: () => worker.pid !== undefined && child.kill('SIGKILL'),
  }
  workers.push(worker)
  child.once('exit', () => delete worker.pid)
  await worker.closed
  const [lost] = await watchdog.stop()
  const end = { results, stderr: stderr.slice(0, MOST_STDERR) }
  if (lost === undefined) return end
  const { scenario, how, message } = lost
  return { ...end, lost: { ...parsePlace(scenario), how, message } }
}
