import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { inject, TestRunner, test } from 'vitest'
import { readBaseline } from '../baseline.ts'
import { comparisons, invariants } from '../invariants/index.ts'
import { judge } from '../judge.ts'
import { errorShape, type Runtime } from '../runtime.ts'
import type { Scenario } from '../scenario.ts'
import { isDecisive, type Verdict, verdictOf } from '../verdict.ts'
import { casesOf, type PreparedCase } from './cases.ts'
import { cleanEnvironment } from './environment.ts'
import { openJournal } from './journal.ts'
import { planRunner } from './run-plan.ts'
import { defaultsFor, LOADING, type Settings, type Subject } from './settings.ts'

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

async function register(name: string, scenario: Scenario): Promise<void> {
  cleanEnvironment()
  const subject = inject('subject')
  const settings = inject('settings') ?? defaultsFor(new Date())
  const journal = openJournal(settings.journal)
  const lostWhile = (scenario: string) =>
    settings.lost.filter((one) => one.runtime === subject.name && one.scenario === scenario)
  const [unsurvived] = lostWhile(`${name}/${LOADING}`)
  journal.begin(subject.name, `${name}/${LOADING}`)
  const runtime = unsurvived
    ? `${subject.name}: adapter.ts could not be loaded: ${unsurvived.message}`
    : await runtimeIn(subject)
  journal.end()
  if (typeof runtime === 'string') {
    const verdicts = unloadable(subject, name, scenario, settings, runtime)
    return test(name, ({ task }) => tell(task, { verdicts, stale: [] }, []))
  }
  // What is run as it is has no expectations.
  const known = settings.replay ? [] : readBaseline(subject.folder)
  const asked = new Map()
  for (const one of await casesOf(name, scenario, runtime, settings)) {
    if (settings.done.some((each) => each.runtime === subject.name && each.scenario === one.scenario))
      continue
    test(one.scenario, async ({ task }) => {
      journal.begin(subject.name, one.scenario)
      const run = planRunner(runtime, lostWhile(one.scenario), settings.transport, journal)
      const judged = await judge(runtime, one, {
        ...promisesOf(scenario, settings),
        known,
        asked,
        transport: settings.transport,
        run,
        today: settings.today,
        asTheyAre: settings.replay !== undefined,
        ...limitOf(settings),
      })
      journal.end()
      tell(task, judged, one.leftOut)
    })
  }
}

/** The runtime of a project's adapter; the reason where it cannot be loaded. */
async function runtimeIn({ name, folder }: Subject): Promise<Runtime | string> {
  try {
    const { runtime } = (await import(pathToFileURL(join(folder, 'adapter.ts')).href)) as {
      runtime?: Runtime
    }
    return runtime ?? `${name}: adapter.ts exports no runtime`
  } catch (error) {
    const { name: kind, message } = errorShape(error)
    return `${name}: adapter.ts could not be loaded: ${kind}: ${message}`
  }
}

function promisesOf({ invariants: own }: Scenario, { invariants: asked }: Settings) {
  const wanted = ({ id }: { id: string }) =>
    (own === undefined || own.includes(id)) && (asked === undefined || asked.includes(id))
  return { invariants: invariants.filter(wanted), comparisons: comparisons.filter(wanted) }
}

function limitOf({ time }: Settings): { enough?: () => boolean } {
  if (time === undefined) return {}
  const until = performance.now() + time
  return { enough: () => performance.now() >= until }
}

function unloadable(
  { name }: Subject,
  scenario: string,
  value: Scenario,
  settings: Settings,
  reason: string,
): Verdict[] {
  const { invariants, comparisons } = promisesOf(value, settings)
  const subject = { runtime: name, version: '', scenario, mode: 'on' }
  const finding = { verdict: 'harness-error' as const, plans: 0, reason }
  return [...invariants, ...comparisons].map((promise) => verdictOf(subject, promise, finding, undefined))
}

type Told = { verdicts: Verdict[]; stale: PreparedStale[] }
type PreparedStale = Awaited<ReturnType<typeof judge>>['stale'][number]

/** Lays the verdicts into the test's meta; the test fails where one of them decides. */
function tell(
  task: { meta: { verdicts?: Verdict[]; stale?: PreparedStale[]; leftOut?: string[] } },
  { verdicts, stale }: Told,
  leftOut: PreparedCase['leftOut'],
): void {
  Object.assign(task.meta, { verdicts, stale, leftOut })
  const failed = verdicts.filter(isDecisive).map(lineOf)
  const lines = [...failed, ...stale.map((one) => `stale: ${one.invariant}, ${one.plan}: ${one.reason}`)]
  if (lines.length > 0) throw new Error(lines.join('\n'))
}

function lineOf({ invariant, verdict, reason, counterexample }: Verdict): string {
  return `${verdict}: ${invariant}: ${reason ?? counterexample?.violations[0]?.message ?? ''}`
}
