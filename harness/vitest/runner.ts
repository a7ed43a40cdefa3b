import { basename } from 'node:path'
import { afterAll, beforeEach, inject, TestRunner, test } from 'vitest'
import { errorShape } from '../contract/error-shape.ts'
import type { Runtime } from '../contract/runtime.ts'
import type { Scenario } from '../contract/scenario.ts'
import { type Against, against } from '../explore/against.ts'
import { NotReached } from '../explore/explore.ts'
import { type JudgeSetup, judge } from '../explore/judge.ts'
import { isDecisive, type Verdict, verdictOf } from '../explore/verdict.ts'
import { giveOwnHome } from '../isolation/own-home.ts'
import { dropOtherVariables, isolationHere, takeToken } from '../isolation/worker-environment.ts'
import { readBaseline } from '../known/baseline.ts'
import { BuiltIns } from '../observe/built-ins.ts'
import { watchOutside } from '../observe/egress/outside.ts'
import { repeatable } from '../plan/drawn.ts'
import { casesOf, type PreparedCase, promisesOf } from './cases.ts'
import { type Journal, openJournal } from './journal.ts'
import { loadRuntime } from './load-runtime.ts'
import { wakeFetch } from './own-timers.ts'
import { recordRun } from './record-run.ts'
import { planRunner } from './run-plan.ts'
import { besides, type Claim, defaultsFor, type Replay, type Settings, type Subject } from './settings.ts'

/**
 * Vitest's runner for scenario files: a file's default export is a scenario, and each of its cases becomes a test whose
 * verdicts travel in its meta. So `--project`, `-t`, `--shard` and merged reports work as with any test file.
 */
export default class ScenarioRunner extends TestRunner {
  override async importFile(path: string, source: 'collect' | 'setup'): Promise<unknown> {
    const module = (await super.importFile(path, source)) as { default?: Scenario }
    if (source === 'collect' && module.default) await register(basename(path, '.ts'), module.default)
    return module
  }
}

/** After so many plans of a case that a worker did not survive, the rest of the case is not run. */
const MOST_LOSSES = 2

async function register(name: string, scenario: Scenario): Promise<void> {
  giveOwnHome()
  // The process that started this worker is gone, so nobody reads its results.
  process.once('disconnect', () => process.exit())
  const token = takeToken()
  dropOtherVariables()
  beforeEach(({ task }) => {
    task.meta.token = token
  })
  const subject = inject('subject')
  const given = inject('settings') ?? defaultsFor(new Date())
  const { replay = given.replay } = subject
  const settings = { ...given, ...(replay ? { replay } : {}) }
  const journal = openJournal()
  try {
    await registerCases(name, scenario, settings, journal)
  } catch (error) {
    // It is told as a fault; the worker was not lost by it.
    journal.end()
    throw error
  }
}

async function registerCases(
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
  if (settings.transport !== 'fetch') await wakeFetch()
  const builtIns = new BuiltIns()
  const outside = watchOutside(isolationHere(), subject.driver !== undefined)
  const notes = () => [
    ...builtIns.replaced.map((name) => `replaces the built-in ${name}; the harness uses the original`),
    ...outside
      .unwatched()
      .map((what) => `starts ${what}; the harness cannot watch the traffic of that process or thread here`),
  ]
  begin(`${name}/${besides.loading}`)
  const [unsurvived] = lostWhile(`${name}/${besides.loading}`)
  const loaded = unsurvived
    ? `${subject.name}: adapter.ts could not be loaded: ${unsurvived.message}`
    : await loadSubject(subject, builtIns)
  outside.loaded(settings.transport === 'intercept')
  begin(`${name}/${besides.between}`)
  if (typeof loaded === 'string') {
    const verdicts = unloadable(subject, name, scenario, settings, loaded)
    return test(name, ({ task }) => tell(task, { verdicts, stale: [] }, [], notes()))
  }
  const { runtime, other } = loaded
  if (settings.replay?.record) return registerRecording(settings.replay, runtime, subject.folder, begin)
  const asked = new Map()
  const done = new Set(settings.done.filter(isOurs).map((one) => one.scenario))
  const givenUp = settings.givenUp.some((one) => isOurs(one) && one.scenario === name)
  const all = other
    ? await comparedTasks(name, scenario, runtime, other, settings)
    : await tasksOf(name, scenario, runtime, settings)
  const left = all.filter(({ one }) => !done.has(one.scenario))
  // A file without any test counts as a broken one.
  if (left.length < all.length && left.length === 0) return test(name, () => {})
  for (const { one, runtime, runtimeFor = () => runtime, ...expected } of left) {
    const counted = (scenario: string, mostLosses: number) =>
      planRunner({
        runtimeFor,
        transport: transportOf(runtime, settings),
        begin: () => begin(scenario),
        journal,
        fatal: lostWhile(scenario),
        mostLosses,
        outside,
        builtIns,
      })
    test(one.scenario, async ({ task }) => {
      begin(one.scenario)
      const { run, lostAhead } = counted(one.scenario, MOST_LOSSES)
      const kept = counted(`${one.scenario}/${besides.known}`, Number.POSITIVE_INFINITY)
      const judged = await judge(runtime, one, {
        ...expected,
        asked,
        transport: transportOf(runtime, settings),
        run: givenUp ? notRun : run,
        runKnown: givenUp ? notRun : kept.run,
        today: settings.today,
        asTheyAre: settings.replay !== undefined,
        ...limitOf(settings, lostAhead),
      })
      begin(`${name}/${besides.between}`)
      tell(task, judged, one.leftOut, notes())
    })
  }
}

/** A subject's runtime, and the one that it is put against; the reason where either is not to be had. */
async function loadSubject(
  { against, ...subject }: Subject,
  builtIns: BuiltIns,
): Promise<string | { runtime: Runtime; other?: Runtime }> {
  const runtime = subject.unavailable?.reason ?? (await loadRuntime(subject))
  try {
    builtIns.restore()
  } catch (error) {
    return `${subject.name}: ${errorShape(error).message}`
  }
  if (typeof runtime === 'string') return runtime
  if (against === undefined) return { runtime }
  const other = await loadSubject(against, builtIns)
  return typeof other === 'string' ? other : { runtime, other: other.runtime }
}

/** What runs in another process is reached over http alone. */
function transportOf({ remote }: Runtime, { transport }: Settings): Settings['transport'] {
  return remote ? 'http' : transport
}

/** A case, what it is put to, and what is expected of that. */
interface Task extends Pick<JudgeSetup, 'invariants' | 'comparisons' | 'known' | 'until'> {
  one: PreparedCase
  runtime: Runtime
  runtimeFor?: Against['runtimeFor']
}

/** What this runtime breaks and the other keeps: nothing is known of that, and every plan is put to both. */
async function comparedTasks(
  name: string,
  scenario: Scenario,
  runtime: Runtime,
  other: Runtime,
  settings: Settings,
): Promise<Task[]> {
  const {
    runtime: both,
    runtimeFor,
    comparisons,
  } = against(runtime, other, promisesOf(scenario, settings).invariants)
  const cases = await casesOf(name, scenario, both, settings)
  return cases.map((one) => ({
    one: { ...one, comparesAll: true },
    runtime: both,
    runtimeFor,
    invariants: [],
    comparisons,
    known: [],
  }))
}

async function tasksOf(
  name: string,
  scenario: Scenario,
  runtime: Runtime,
  settings: Settings,
): Promise<Task[]> {
  const cases = await casesOf(name, scenario, runtime, settings)
  const subject = inject('subject')
  const promises = promisesOf(scenario, settings)
  if (settings.defects) return defectiveTasks(name, cases, subject, promises, settings.defects)
  // What is run as it is has no expectations, and neither has a defect, or a version that is not the one under test.
  const unexpected = settings.replay || subject.defect || subject.version !== undefined
  const known = unexpected ? [] : readBaseline(subject.folder)
  return cases.map((one) => ({ one, runtime, ...promises, known }))
}

/** For each defect that the scenario claims, the drawn plans once more: explored for what it breaks alone. */
async function defectiveTasks(
  name: string,
  cases: readonly PreparedCase[],
  { name: of, folder }: Subject,
  { invariants, comparisons }: ReturnType<typeof promisesOf>,
  claims: readonly Claim[],
): Promise<Task[]> {
  const drawn = cases.find((one) => one.scenario === name)
  const plans = repeatable(drawn?.plans ?? [])
  const tasks: Task[] = []
  for (const { name: defect, breaks } of claims.filter((claim) => claim.scenario === name)) {
    const runtime = await loadRuntime({ name: `${of}+${defect}`, folder, defect })
    if (typeof runtime === 'string') throw new Error(runtime)
    const claimed = comparisons.filter(({ id }) => id === breaks)
    tasks.push({
      one: { leftOut: [], ...drawn, scenario: `${name}/${defect}`, plans },
      runtime,
      invariants: invariants.filter(({ id }) => id === breaks),
      // A scenario that is about comparing may show a plan's other forms alone to break an invariant.
      comparisons: drawn?.comparesAll && claimed.length === 0 ? comparisons : claimed,
      known: [],
      until: breaks,
    })
  }
  return tasks
}

/** A plan that is not judged: what it looks like from outside is laid into the test's meta. */
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

async function notRun(): Promise<never> {
  throw new NotReached('too many processes ended in this scenario, so the remaining plans did not run')
}

/** Time is not up before the plans that a worker did not survive are reached again. */
function limitOf({ time }: Settings, lostAhead: () => boolean): { enough?: () => boolean } {
  if (time === undefined) return {}
  const until = performance.now() + time
  return { enough: () => performance.now() >= until && !lostAhead() }
}

/** What is said of a runtime that is not there: the machine's lack is no fault, save where CI has to have everything. */
function unloadable(
  { name, folder, version, unavailable }: Subject,
  scenario: string,
  value: Scenario,
  settings: Settings,
  reason: string,
): Verdict[] {
  const { invariants, comparisons } = promisesOf(value, settings)
  const named =
    version === undefined ? { runtime: name, version: '' } : { runtime: basename(folder), version }
  const subject = { ...named, scenario, mode: 'on' }
  const isSkipped = unavailable?.lacking === 'toolchain' && process.env['CI'] !== 'true'
  const finding = isSkipped
    ? ({
        verdict: 'not-applicable',
        plans: 0,
        reason: `this machine lacks its toolchain: ${reason}`,
      } as const)
    : ({ verdict: 'harness-error', plans: 0, reason } as const)
  return [...invariants, ...comparisons].map((promise) => verdictOf(subject, promise, finding, undefined))
}

type Told = { verdicts: Verdict[]; stale: PreparedStale[] }
type PreparedStale = Awaited<ReturnType<typeof judge>>['stale'][number]

/** Lays the verdicts into the test's meta; the test fails where one of them decides. */
function tell(
  task: { meta: { verdicts?: Verdict[]; stale?: PreparedStale[]; leftOut?: string[]; notes?: string[] } },
  { verdicts, stale }: Told,
  leftOut: PreparedCase['leftOut'],
  notes: string[],
): void {
  Object.assign(task.meta, { verdicts, stale, leftOut, notes })
  const failed = verdicts.filter(isDecisive).map(lineOf)
  const lines = [...failed, ...stale.map((one) => `stale: ${one.invariant}, ${one.plan}: ${one.reason}`)]
  if (lines.length > 0) throw new Error(lines.join('\n'))
}

function lineOf({ invariant, verdict, reason, counterexample }: Verdict): string {
  return `${verdict}: ${invariant}: ${reason ?? counterexample?.violations[0]?.message ?? ''}`
}
