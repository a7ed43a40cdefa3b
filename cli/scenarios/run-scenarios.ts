import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { TestSpecification, Vitest } from 'vitest/node'
import type { Verdict } from '../../harness/explore/verdict.ts'
import type { Isolation } from '../../harness/isolation/launch.ts'
import { Workers } from '../../harness/isolation/workers.ts'
import { buildProject } from '../../harness/vitest/projects.ts'
import RegressionsFirst from '../../harness/vitest/regressions-first.ts'
import type { Lost, RecordedRun, Replay, Settings, Subject } from '../../harness/vitest/settings.ts'
import { describeTransport } from '../../mocks/transports.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { Collector, type Fault } from './collector.ts'
import { recheckFlaky } from './recheck-flaky.ts'
import { PATIENCE, watchWorkers } from './watchdog.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** The settings of a run. By default, requests go over `fetch`, there are no recordings, and the date is today. */
type AskedSettings = Pick<Settings, 'seed' | 'runs'> & Partial<WholeSettings>

/** All settings except those that the run itself produces. */
type WholeSettings = Omit<Settings, 'lost' | 'done' | 'givenUp'>

/** What to run, and how. */
export interface ScenarioRun {
  subjects: Subject[]
  /** Names of scenario files. Absent: all. */
  scenarios?: string[]
  settings: AskedSettings
  /** Whether to stop at the first failure. */
  bail?: boolean
  /** Milliseconds until a worker without a sign of life is ended. Absent: the default of the transport. */
  patience?: number
  /** Maximum number of workers at the same time. Absent: one per core. */
  workers?: number
  /** Ends the run early. The cases that have verdicts by then are kept. */
  stop?: AbortSignal
  /** Called several times a second with the number of plans that began and the number of cases with verdicts. */
  progress?(plans: number, cases: number): void
}

export interface ScenarioResults {
  results: CaseResult[]
  /** The recording of a plan, if one was asked for. */
  recorded: RecordedRun[]
  faults: string[]
  /** How the processes of the workers were isolated from the machine. */
  isolation: Isolation
  /** Set if the run was ended early, so that cases are missing. */
  partial?: true
}

/** Maximum number of times that a file starts again after its worker was lost. */
const MOST_LOSSES = 12

/**
 * Runs scenarios on runtimes under Vitest, each scenario file in its own worker. If a worker ends, its file starts again
 * without the plan that was running, and without the cases that already have verdicts. Returns a result or a fault for
 * every file and every case.
 */
export async function runScenarios(run: ScenarioRun): Promise<ScenarioResults> {
  const settings: WholeSettings = {
    transport: 'fetch',
    recordings: [],
    today: new Date().toISOString().slice(0, 10),
    ...run.settings,
  }
  const folder = await mkdtemp(join(tmpdir(), 'conform-run-'))
  const reports = join(folder, 'reports')
  await mkdir(reports)
  const workers = new Workers(reports)
  const collector = new Collector(workers)
  const before = process.listeners('SIGTERM')
  const vitest = await openVitest(run, workers, collector)
  const context = { vitest, workers, collector, run }
  try {
    await vitest.standalone()
    // The servers of Vite end this process at SIGTERM, before the results so far are written.
    if (run.stop !== undefined)
      for (const listener of process.listeners('SIGTERM'))
        if (!before.includes(listener)) process.off('SIGTERM', listener)
    const files = await listFiles(vitest, run)
    await runFiles(files, settings, context)
    const isStopped = run.stop?.aborted === true
    if (!run.bail && !isStopped) addFaultsForSilentFiles(files, collector)
    if (settings.defects === undefined && settings.variants === undefined && !isStopped)
      await recheckFlaky(collector.results, settings.seed, (runtime, changes) =>
        replayInNewWorker(files, runtime, { ...settings, ...changes }, context),
      )
  } finally {
    await vitest.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  const faults = collector.faults.map((one) => `${one.runtime}, ${one.scenario}: ${one.message}`)
  return {
    results: sortResults(collector.results),
    recorded: collector.recorded,
    faults,
    isolation: workers.isolation,
    ...(run.stop?.aborted ? { partial: true } : {}),
  }
}

/** State that the rounds of one run share. */
interface Context {
  vitest: Vitest
  workers: Workers
  collector: Collector
  run: ScenarioRun
}

/** Runs files until all have ended. A file starts again after its worker was lost. */
async function runFiles(
  files: readonly TestSpecification[],
  settings: WholeSettings,
  { vitest, workers, collector, run }: Context,
): Promise<void> {
  const hasRealTime =
    describeTransport(settings.transport).time === 'real' ||
    run.subjects.some(({ driver }) => driver !== undefined)
  const patience = run.patience ?? (hasRealTime ? PATIENCE.realTime : PATIENCE.heldClock)
  const lost: Lost[] = []
  const before = collector.results.length
  let left = [...files]
  const stop = createStop({ vitest, workers, collector, run })
  for (let round = 0; left.length > 0 && round <= MOST_LOSSES; round++) {
    const done = collector.results.slice(before).map(({ runtime, scenario }) => ({ runtime, scenario }))
    const givenUp = round < MOST_LOSSES ? [] : left.map(identifyFile)
    vitest.provide('settings', { ...settings, lost, done, givenUp })
    const watchdog = watchWorkers({
      workers: workers.started,
      patience,
      seen() {
        if (run.stop?.aborted) stop.endWorkers()
        run.progress?.(watchdog.executions(), collector.results.length)
      },
    })
    await vitest.runTestSpecifications(left, false)
    const now = await watchdog.stop()
    if (run.stop?.aborted) break
    lost.push(...now)
    left = round < MOST_LOSSES ? left.filter((file) => now.some((one) => isFromFile(one, file, files))) : []
    // The next round gives the lost plan a verdict, so the error that Vitest reports for the worker is dropped.
    collector.faults = collector.faults.filter(
      (fault) => !left.some((file) => isFromFile(fault, file, files)),
    )
  }
  stop.dropFaults()
}

/** Returns what ends the workers when `run.stop` is aborted, and what then drops the faults of the ended workers. */
function createStop({ vitest, workers, collector, run }: Context) {
  let faults: Fault[] | undefined
  const endWorkers = () => {
    for (const worker of workers.started) worker.end()
  }
  const onAbort = () => {
    faults = [...collector.faults]
    void vitest.cancelCurrentRun('keyboard-input')
    endWorkers()
  }
  run.stop?.addEventListener('abort', onAbort, { once: true })
  return {
    endWorkers,
    dropFaults() {
      run.stop?.removeEventListener('abort', onAbort)
      if (faults !== undefined) collector.faults = faults
    },
  }
}

/** Adds a fault for each file without a result or a fault, so that no lost worker is missing from the report. */
function addFaultsForSilentFiles(files: readonly TestSpecification[], collector: Collector): void {
  collector.blameSilent()
  for (const file of files) {
    const heard = [...collector.results, ...collector.faults].some((one) => isFromFile(one, file, files))
    if (!heard && collector.recorded.length === 0)
      collector.faults.push({
        ...identifyFile(file),
        message: 'its process ended without a verdict or a reason',
      })
  }
}

/** Runs a plan in a new worker and returns its verdicts. Faults of this run are dropped. */
async function replayInNewWorker(
  files: readonly TestSpecification[],
  runtime: string,
  settings: WholeSettings & { replay: Replay },
  context: Context,
): Promise<Verdict[]> {
  const { collector } = context
  const { scenario } = settings.replay
  const file = files.find((one) => isFromFile({ runtime, scenario }, one, files))
  if (file === undefined) return []
  const count = collector.results.length
  const faults = [...collector.faults]
  await runFiles([file], settings, context)
  collector.faults = faults
  return collector.takeSince(count).flatMap((one) => one.verdicts)
}

async function openVitest(
  { subjects, bail = false, workers: atOnce = availableParallelism() }: ScenarioRun,
  workers: Workers,
  collector: Collector,
): Promise<Vitest> {
  // Vitest takes a second to load, so it is imported only when it is needed.
  const { createVitest } = await import('vitest/node')
  return createVitest(
    {
      config: false,
      root,
      watch: false,
      reporters: [collector],
      sequence: { sequencer: RegressionsFirst },
      projects: subjects.map((subject) => buildProject(subject, workers)),
      bail: bail ? 1 : 0,
      maxWorkers: atOnce,
      passWithNoTests: true,
      // The harness counts unhandled rejections itself, as part of the plan that was running.
      dangerouslyIgnoreUnhandledErrors: true,
    },
    { logLevel: 'silent' },
    // Output of a worker must not mix with the output of the command, which may be JSON.
    { stdout: createNullStream(), stderr: createNullStream() },
  )
}

function createNullStream(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

async function listFiles(vitest: Vitest, { scenarios }: ScenarioRun): Promise<TestSpecification[]> {
  const all = await vitest.globTestSpecifications()
  return all.filter((file) => scenarios === undefined || scenarios.includes(identifyFile(file).scenario))
}

interface FileId {
  runtime: string
  /** The scenario's file. */
  scenario: string
}

function identifyFile({ project, moduleId }: TestSpecification): FileId {
  return { runtime: project.name, scenario: basename(moduleId, '.ts') }
}

/**
 * Returns whether a result of a scenario, or of one of its cases, comes from this file. A replayed plan may belong to a
 * scenario without a file; its results come from the one file that runs.
 */
function isFromFile(
  one: { runtime: string; scenario: string },
  file: TestSpecification,
  files: readonly TestSpecification[],
): boolean {
  const { runtime, scenario } = identifyFile(file)
  const [name = ''] = one.scenario.split('/')
  if (one.runtime !== runtime) return false
  return name === scenario || !files.some((each) => identifyFile(each).scenario === name)
}

/** Sorts results by runtime and scenario, so that the order does not depend on which worker was first. */
function sortResults(results: readonly CaseResult[]): CaseResult[] {
  const key = ({ runtime, scenario }: CaseResult) => `${runtime}\n${scenario}`
  return results.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
