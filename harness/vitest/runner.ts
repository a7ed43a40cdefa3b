import { basename } from 'node:path'
import {
  afterAll,
  beforeEach,
  inject,
  type RunnerTestCase,
  TestRunner,
  test,
  type VitestTestRunner,
} from 'vitest'
import { describeTransport } from '../../mocks/transports.ts'
import { describeError } from '../contract/error-shape.ts'
import { UnknownWordError } from '../contract/nearest-words.ts'
import type { Runtime } from '../contract/runtime.ts'
import type { Scenario } from '../contract/scenario.ts'
import { judgeCase } from '../explore/judge.ts'
import { NotReachedError } from '../explore/run-plan.ts'
import { isDecisive, type Verdict } from '../explore/verdict.ts'
import { hideUserHome } from '../isolation/own-home.ts'
import { dropOtherVariables, readIsolation, takeToken } from '../isolation/worker-environment.ts'
import { BuiltIns } from '../observe/built-ins.ts'
import { watchTraffic } from '../observe/egress/outside.ts'
import type { PreparedCase } from './cases.ts'
import { type Journal, openJournal } from './journal.ts'
import { loadRuntime } from './load-runtime.ts'
import { startFetchTimer } from './own-timers.ts'
import { createRandomDelay } from './random-delay.ts'
import { recordRun } from './record-run.ts'
import { createPlanRunner } from './run-plan.ts'
import { buildDefaults, otherWork, type Replay, type Settings, type Subject } from './settings.ts'
import { buildComparedTasks, buildTasks } from './tasks.ts'
import { buildUnloadableVerdicts } from './unloadable.ts'

/**
 * The Vitest runner for scenario files. The default export of a file is a scenario, and each case becomes a test with its
 * verdicts in the metadata. Therefore `--project`, `-t`, `--shard` and merged reports work as with any test file.
 */
export default class ScenarioRunner extends TestRunner {
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<unknown> {
    const module = (await super.importFile(path, source)) as { default?: Scenario }
    if (source === 'collect' && module.default) await registerScenario(basename(path, '.ts'), module.default)
    return module
  }

  /**
   * Hands the verdicts of a case over before the next case begins, because that may end the process. Vitest itself sends
   * what has happened only after some time.
   */
  override async onAfterRunTask(task: RunnerTestCase): Promise<void> {
    super.onAfterRunTask(task)
    // Vitest gives its runner this function when it starts.
    const { onTaskUpdate: tell }: VitestTestRunner = this
    await tell?.([[task.id, task.result, task.meta]], [[task.id, 'test-finished', undefined]])
  }
}

/** Number of lost plans after which the remaining plans of a case do not run. */
const MOST_LOSSES = 2

async function registerScenario(name: string, scenario: Scenario): Promise<void> {
  hideUserHome()
  // If the parent process is gone, nobody reads the results.
  process.once('disconnect', () => process.exit())
  const token = takeToken()
  dropOtherVariables()
  beforeEach(({ task }) => {
    task.meta.token = token
  })
  const subject = inject('subject')
  const given = inject('settings') ?? buildDefaults(new Date())
  const { replay = given.replay } = subject
  const settings = { ...given, ...(replay ? { replay } : {}) }
  const journal = openJournal()
  try {
    await loadRuntimeAndRegisterCases(name, scenario, settings, journal)
  } catch (error) {
    // The error is reported as a fault. Without this line, the worker would count as lost as well.
    journal.end()
    throw error
  }
}

async function loadRuntimeAndRegisterCases(
  name: string,
  scenario: Scenario,
  settings: Settings,
  journal: Journal,
): Promise<void> {
  const subject = inject('subject')
  const begin = (scenario: string) => journal.begin(subject.name, scenario)
  const lostWhile = (scenario: string) =>
    settings.lost.filter((one) => one.runtime === subject.name && one.scenario === scenario)
  const isOurs = (one: { runtime: string; scenario: string }) => one.runtime === subject.name
  afterAll(journal.end)
  if (describeTransport(settings.transport).usesHttp) await startFetchTimer()
  const builtIns = new BuiltIns()
  const outside = watchTraffic(readIsolation(), subject.driver !== undefined)
  const notes = () => [
    ...builtIns.replaced.map((name) => `replaces the built-in ${name}; the harness uses the original`),
    ...outside
      .unwatched()
      .map((what) => `starts ${what}; the harness cannot watch the traffic of that process or thread here`),
  ]
  begin(`${name}/${otherWork.loading}`)
  const [unsurvived] = lostWhile(`${name}/${otherWork.loading}`)
  const loaded = unsurvived
    ? `${subject.name}: adapter.ts could not be loaded: ${unsurvived.message}`
    : await loadSubject(subject, builtIns)
  outside.loaded(describeTransport(settings.transport).interceptsProcess)
  begin(`${name}/${otherWork.between}`)
  const registerUnfit = (reason: string, isRefused: boolean) =>
    test(name, ({ task }) => {
      if (isRefused) task.meta.refused = reason
      const verdicts = buildUnloadableVerdicts(subject, name, scenario, settings, reason)
      reportVerdicts(task, { verdicts, stale: [] }, [], notes())
    })
  if (typeof loaded === 'string') return registerUnfit(loaded, false)
  if ('refused' in loaded) return registerUnfit(loaded.refused, true)
  const { runtime, other } = loaded
  const unfit = describeUnfitTransport(runtime, settings)
  if (unfit !== undefined) return registerUnfit(unfit, true)
  if (settings.replay?.record) return registerRecording(settings.replay, runtime, subject.folder, begin)
  const replayed = new Map()
  const { repeat, keepsHistory, tellsHistory } = settings.replay ?? {}
  const done = new Set(settings.done.filter(isOurs).map((one) => one.scenario))
  const givenUp = settings.givenUp.some((one) => isOurs(one) && one.scenario === name)
  const all = other
    ? await buildComparedTasks(name, scenario, runtime, other, settings)
    : await buildTasks(name, scenario, subject, runtime, settings)
  const left = all.filter(({ one }) => !done.has(one.scenario))
  // Vitest reports a file without tests as an error.
  if (left.length < all.length && left.length === 0) return test(name, () => {})
  for (const { one, runtime, runtimeFor = () => runtime, ...expected } of left) {
    const createRunner = (scenario: string, mostLosses: number) =>
      createPlanRunner({
        runtimeFor,
        transport: chooseTransport(runtime, settings),
        begin: () => begin(scenario),
        journal,
        fatal: lostWhile(scenario),
        mostLosses,
        ...(repeat ? { delay: createRandomDelay(repeat.seed) } : {}),
        outside,
        builtIns,
      })
    test(one.scenario, async ({ task }) => {
      begin(one.scenario)
      const { run: runPlan, hasLostAhead } = createRunner(one.scenario, MOST_LOSSES)
      const run: typeof runPlan = async (plan) => {
        const ran = await runPlan(plan)
        // The plan itself runs before its variants.
        if (tellsHistory) task.meta.history ??= ran.history
        return ran
      }
      const kept = createRunner(`${one.scenario}/${otherWork.known}`, Number.POSITIVE_INFINITY)
      const judged = await judgeCase(runtime, one, {
        ...expected,
        replayed,
        transport: chooseTransport(runtime, settings),
        run: givenUp ? refuseToRun : run,
        runKnown: givenUp ? refuseToRun : kept.run,
        today: settings.today,
        ...(settings.replay ? { skipsShrinking: true, comparesEach: 1 } : {}),
        keepsHistory: keepsHistory === true,
        ...buildTimeLimit(settings, hasLostAhead),
      })
      begin(`${name}/${otherWork.between}`)
      reportVerdicts(task, judged, one.leftOut, notes())
    })
  }
}

/** Loads the runtime of a subject, and the runtime of `--against`. Returns the reason if one cannot be loaded. */
async function loadSubject(
  { against, ...subject }: Subject,
  builtIns: BuiltIns,
): Promise<string | { refused: string } | { runtime: Runtime; other?: Runtime }> {
  const runtime = subject.unavailable?.reason ?? (await loadOrRefuse(subject))
  try {
    builtIns.restore()
  } catch (error) {
    return `${subject.name}: ${describeError(error).message}`
  }
  if (typeof runtime === 'string' || 'refused' in runtime) return runtime
  if (against === undefined) return { runtime }
  const other = await loadSubject(against, builtIns)
  return typeof other === 'string' || 'refused' in other ? other : { runtime, other: other.runtime }
}

/** Loads a runtime. Returns `refused` if it says with an unknown word what it can do. */
async function loadOrRefuse(subject: Subject): Promise<string | { refused: string } | Runtime> {
  try {
    return await loadRuntime(subject)
  } catch (error) {
    if (error instanceof UnknownWordError) return { refused: error.message }
    throw error
  }
}

/** Returns the transport for a runtime. A runtime in another process is reached only over http. */
function chooseTransport({ remote }: Runtime, { transport }: Settings): Settings['transport'] {
  return remote ? 'http' : transport
}

/** Returns why a runtime cannot be run over the transport that is asked for, or undefined. */
function describeUnfitTransport({ name, supports }: Runtime, { transport }: Settings): string | undefined {
  if (describeTransport(transport).speaks === 'http' || supports.has('websocket')) return undefined
  return `--transport ${transport}: ${name} does not declare \`websocket\`, expected a runtime that does`
}

/** Registers a test that records a plan without checking it. The recording goes into the metadata of the test. */
function registerRecording(
  { scenario, plan }: Replay,
  runtime: Runtime,
  folder: string,
  begin: (what: string) => void,
): void {
  test(scenario, async ({ task }) => {
    begin(scenario)
    task.meta.recorded = await recordRun(runtime, plan, folder)
  })
}

async function refuseToRun(): Promise<never> {
  throw new NotReachedError('too many processes ended in this scenario, so the remaining plans did not run')
}

/** Returns the time limit of a case. It does not apply before the lost plans of earlier workers are reached. */
function buildTimeLimit({ time }: Settings, hasLostAhead: () => boolean): { shouldStop?: () => boolean } {
  if (time === undefined) return {}
  const until = performance.now() + time
  return { shouldStop: () => performance.now() >= until && !hasLostAhead() }
}

type Told = { verdicts: Verdict[]; stale: PreparedStale[] }
type PreparedStale = Awaited<ReturnType<typeof judgeCase>>['stale'][number]

/** Writes the verdicts into the metadata of the test. Throws if a verdict fails the run. */
function reportVerdicts(
  task: { meta: { verdicts?: Verdict[]; stale?: PreparedStale[]; leftOut?: string[]; notes?: string[] } },
  { verdicts, stale }: Told,
  leftOut: PreparedCase['leftOut'],
  notes: string[],
): void {
  Object.assign(task.meta, { verdicts, stale, leftOut, notes })
  const failed = verdicts.filter(isDecisive).map(formatVerdict)
  const lines = [...failed, ...stale.map((one) => `stale: ${one.invariant}, ${one.plan}: ${one.reason}`)]
  if (lines.length > 0) throw new Error(lines.join('\n'))
}

function formatVerdict({ invariant, verdict, reason, counterexample }: Verdict): string {
  return `${verdict}: ${invariant}: ${reason ?? counterexample?.violations[0]?.message ?? ''}`
}
