import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { TestSpecification, Vitest } from 'vitest/node'
import type { Isolation } from '../../harness/isolation/launch.ts'
import { Workers } from '../../harness/isolation/workers.ts'
import { projectOf } from '../../harness/vitest/projects.ts'
import RegressionsFirst from '../../harness/vitest/regressions-first.ts'
import type { Lost, RecordedRun, Settings, Subject } from '../../harness/vitest/settings.ts'
import type { CaseResult } from '../../reports/run-report.ts'
import { Collector } from './collector.ts'
import { PATIENCE, watchWorkers } from './watchdog.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** What a run is asked for. Left out: over `fetch`, without recordings, and the date is today's. */
type AskedSettings = Pick<Settings, 'seed' | 'runs'> & Partial<WholeSettings>

/** All settings but those that tell of the run itself. */
type WholeSettings = Omit<Settings, 'lost' | 'done' | 'givenUp'>

/** What is run, and who is told of it. */
export interface ScenarioRun {
  subjects: Subject[]
  /** Names of scenario files; absent: all. */
  scenarios?: string[]
  settings: AskedSettings
  /** Stop at the first verdict that fails. */
  bail?: boolean
  /** How long a plan may keep its worker without a sign, in milliseconds; absent: as the transport has it. */
  patience?: number
  /** How many workers at once; absent: one for each core. */
  workers?: number
  /** Told several times a second: how many plans have been begun, how many cases have their verdicts. */
  progress?(plans: number, cases: number): void
}

export interface ScenarioResults {
  results: CaseResult[]
  /** What was written down of a plan that was to be recorded. */
  recorded: RecordedRun[]
  faults: string[]
  /** How the workers' processes were kept apart from the machine. */
  isolation: Isolation
}

/** So often is a file begun again after its worker was lost, before the rest of it is given up. */
const MOST_LOSSES = 12

/** At most so many violations that did not come back are tried again, each in a process of its own. */
const MOST_DOUBTFUL = 16

/**
 * Runs scenarios on runtimes under Vitest, each file in a worker of its own. A worker that is lost costs the plan that it
 * was running: the file is begun again without it, and cases that have their verdicts are not run again. Every file and
 * every case that was to run has a result or a fault in the end.
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
  const vitest = await open(run, workers, collector)
  const context = { vitest, workers, collector, run }
  try {
    await vitest.standalone()
    const files = await specifications(vitest, run)
    await runFiles(files, settings, context)
    if (!run.bail) blameSilent(files, collector)
    if (settings.defects === undefined) await confirmDoubtful(files, settings, context)
  } finally {
    await vitest.close()
    await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  }
  const faults = collector.faults.map((one) => `${one.runtime}, ${one.scenario}: ${one.message}`)
  return {
    results: sorted(collector.results),
    recorded: collector.recorded,
    faults,
    isolation: workers.isolation,
  }
}

/** What one run shares among its rounds. */
interface Context {
  vitest: Vitest
  workers: Workers
  collector: Collector
  run: ScenarioRun
}

/** Runs files, each again after its worker was lost, until all have ended. */
async function runFiles(
  files: readonly TestSpecification[],
  settings: WholeSettings,
  { vitest, workers, collector, run }: Context,
): Promise<void> {
  const isReal = settings.transport === 'http' || run.subjects.some(({ driver }) => driver !== undefined)
  const patience = run.patience ?? (isReal ? PATIENCE.http : PATIENCE.held)
  const lost: Lost[] = []
  const before = collector.results.length
  let left = [...files]
  for (let round = 0; left.length > 0 && round <= MOST_LOSSES; round++) {
    const done = collector.results.slice(before).map(({ runtime, scenario }) => ({ runtime, scenario }))
    const givenUp = round < MOST_LOSSES ? [] : left.map(idOf)
    vitest.provide('settings', { ...settings, lost, done, givenUp })
    const watchdog = watchWorkers({
      workers: workers.started,
      patience,
      seen: () => run.progress?.(watchdog.executions(), collector.results.length),
    })
    await vitest.runTestSpecifications(left, false)
    const now = await watchdog.stop()
    lost.push(...now)
    left = round < MOST_LOSSES ? left.filter((file) => now.some((one) => isIn(one, file, files))) : []
    // What Vitest says of a worker that was lost is told by the plan's own verdict, once the file is run again.
    collector.faults = collector.faults.filter((fault) => !left.some((file) => isIn(fault, file, files)))
  }
}

/** Adds a fault for each file that gave neither a result nor a fault. A lost worker never vanishes from the report. */
function blameSilent(files: readonly TestSpecification[], collector: Collector): void {
  collector.blameSilent()
  for (const file of files) {
    const heard = [...collector.results, ...collector.faults].some((one) => isIn(one, file, files))
    if (!heard && collector.recorded.length === 0)
      collector.faults.push({ ...idOf(file), message: 'its process ended without a verdict or a reason' })
  }
}

/**
 * Runs the plan of each violation that did not come back once more, as the first of a fresh worker: what a runtime does
 * once a process cannot come back in the same one. If it comes back there it is a violation.
 */
async function confirmDoubtful(
  files: readonly TestSpecification[],
  settings: WholeSettings,
  context: Context,
): Promise<void> {
  const { collector } = context
  const doubtful = collector.results.flatMap(({ runtime, verdicts }) =>
    verdicts.flatMap((verdict) => (verdict.verdict === 'flaky' ? [{ runtime, verdict, verdicts }] : [])),
  )
  for (const { runtime, verdict, verdicts } of doubtful.slice(0, MOST_DOUBTFUL)) {
    const { counterexample, scenario, invariant } = verdict
    const file = files.find((one) => isIn({ runtime, scenario }, one, files))
    if (file === undefined || counterexample === undefined) continue
    const count = collector.results.length
    const faults = [...collector.faults]
    const replay = { scenario, plan: counterexample.plan }
    await runFiles([file], { ...settings, replay, invariants: [invariant] }, context)
    collector.faults = faults
    const again = collector
      .takeSince(count)
      .flatMap((one) => one.verdicts)
      .find((one) => one.invariant === invariant && one.verdict === 'violated')
    if (again)
      verdicts[verdicts.indexOf(verdict)] = {
        ...again,
        plans: verdict.plans,
        reason: again.reason ?? 'only in the first plan of a process',
      }
  }
}

async function open(
  { subjects, bail = false, workers: atOnce = availableParallelism() }: ScenarioRun,
  workers: Workers,
  collector: Collector,
): Promise<Vitest> {
  // It takes a second to load, which what goes wrong before need not wait for.
  const { createVitest } = await import('vitest/node')
  return createVitest(
    {
      config: false,
      root,
      watch: false,
      reporters: [collector],
      sequence: { sequencer: RegressionsFirst },
      projects: subjects.map((subject) => projectOf(subject, workers)),
      bail: bail ? 1 : 0,
      maxWorkers: atOnce,
      passWithNoTests: true,
      // Stray rejections are noise of the plan that was running; we count them ourselves.
      dangerouslyIgnoreUnhandledErrors: true,
    },
    { logLevel: 'silent' },
    // What a worker writes past `process.stdout` must not get into what we print, which may be JSON.
    { stdout: nowhere(), stderr: nowhere() },
  )
}

function nowhere(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() })
}

async function specifications(vitest: Vitest, { scenarios }: ScenarioRun): Promise<TestSpecification[]> {
  const all = await vitest.globTestSpecifications()
  return all.filter((file) => scenarios === undefined || scenarios.includes(idOf(file).scenario))
}

interface FileId {
  runtime: string
  /** The scenario's file. */
  scenario: string
}

function idOf({ project, moduleId }: TestSpecification): FileId {
  return { runtime: project.name, scenario: basename(moduleId, '.ts') }
}

/**
 * Whether something of a scenario, or of one of its cases, comes from this file of those that are run. A plan that is
 * replayed may be of a scenario that has no file here: then the one file that is run stands for it.
 */
function isIn(
  one: { runtime: string; scenario: string },
  file: TestSpecification,
  files: readonly TestSpecification[],
): boolean {
  const { runtime, scenario } = idOf(file)
  const [name = ''] = one.scenario.split('/')
  if (one.runtime !== runtime) return false
  return name === scenario || !files.some((each) => idOf(each).scenario === name)
}

/** One order for one seed, whichever worker was done first: by runtime, then scenario. */
function sorted(results: readonly CaseResult[]): CaseResult[] {
  const key = ({ runtime, scenario }: CaseResult) => `${runtime}\n${scenario}`
  return results.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
}
