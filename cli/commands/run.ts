import { relative } from 'node:path'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { isDecisive, type Verdict } from '../../harness/explore/verdict.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../../harness/vitest/projects.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { writeResultFile } from '../../mocks/result-file.ts'
import { defaultTransport, type TransportName, transportNames } from '../../mocks/transports.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { buildJsonReport } from '../../reports/json.ts'
import { listStale, listVerdicts, type RunReport } from '../../reports/run-report.ts'
import { terminalReport } from '../../reports/terminal.ts'
import type { ReplayCommands } from '../../reports/violation-blocks.ts'
import { keepCounterexamples } from '../counterexample-files.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { patienceOf, patienceOption, seedOf, wholeNumber } from '../number-options.ts'
import { formatCommand, quoteForShell } from '../own-command.ts'
import { repeatedOption } from '../repeated-option.ts'
import { languageOf, writeRepro } from '../repro-files.ts'
import {
  chosenInvariants,
  chosenRecordings,
  chosenScenarios,
  chosenSubjects,
  pathFromHere,
} from '../scenarios/chosen.ts'
import { checkVersions, distinctRuntimes } from '../scenarios/distinct-runtimes.ts'
import { preparedSubjects, transportFor } from '../scenarios/prepared.ts'
import { progressLine } from '../scenarios/progress-line.ts'
import { runScenarios, type ScenarioRun } from '../scenarios/run-scenarios.ts'
import { watchScenarios } from '../scenarios/watch.ts'

interface RunOptions {
  runtime: string[]
  scenario: string[]
  invariant: string[]
  recordings: string[]
  against?: string
  runs: string
  seed?: string
  time?: string
  transport: TransportName
  patience?: string
  watch?: true
  bail?: true
  json?: string
  out: string
  repro?: true
}

export function runCommand(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('Run scenarios on runtimes and report which invariants are violated (the default command).')
    .addOption(
      repeatedOption(
        '--runtime <name>',
        'run this runtime: NAME, NAME@VERSION, NAME+DEFECT, or the path of a folder with an adapter.ts',
        'all with an adapter.ts',
      ),
    )
    .addOption(
      repeatedOption('--scenario <name>', 'run this scenario, or one case of it, such as recordings/text'),
    )
    .addOption(repeatedOption('--invariant <id>', 'check this invariant or comparison'))
    .addOption(
      repeatedOption(
        '--recordings <path>',
        'file or folder of recordings for the scenario recordings',
        "the project's own",
      ),
    )
    .option(
      '--against <name>',
      'report only what --runtime violates and this runtime does not, usually another version of it',
    )
    .option('--runs <number>', 'number of plans to generate per scenario', '100')
    .option('--seed <number>', 'fixes all generated plans (default: random; the report prints the seed)')
    .option('--time <seconds>', 'generate plans for this long per scenario, instead of --runs')
    .addOption(
      new Option('--transport <name>', 'how the runtime reaches the mock service')
        .choices(transportNames)
        .default(defaultTransport),
    )
    .addOption(patienceOption())
    .option('--watch', 'run again when a file changes')
    .option('--bail', 'stop at the first failure')
    .option('--json <file>', 'write the verdicts as JSON to this file; - for stdout')
    .option('--out <folder>', 'folder for counterexamples', 'conform-results')
    .option(
      '--repro',
      'also write a script for each counterexample that shows the violation without the harness',
    )
    .addHelpText(
      'after',
      `
Examples:
  $ conform --seed 1                                     one seed always gives the same plans and verdicts
  $ conform --runtime ./mine --scenario stream-errors    test your own runtime: a folder with an adapter.ts
  $ conform --runtime reference --time 60                generate plans for 60 seconds per scenario
  $ conform --scenario recordings --recordings traffic   replay your own recordings
  $ conform --runtime agent-framework --against agent-framework@1.22.0   find what an upgrade breaks
  $ conform --runtime ./mine --watch --bail              run again after each change, while you fix the runtime`,
    )
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options)
    })
}

async function run(options: RunOptions): Promise<number> {
  const asked = await readOptions(options)
  if (options.watch) return watchScenarios(asked.run, (results) => conclude(options, asked, results))
  const progress = progressLine(options.json === '-')
  const results = await runScenarios({ ...asked.run, progress: progress.show })
  progress.clear()
  return conclude(options, asked, results)
}

type Asked = Awaited<ReturnType<typeof readOptions>>

/**
 * Adds the runtime of `--against` to the subject. Throws a `UsageError` unless there is exactly one `--runtime`, and both
 * runtimes run in their own processes.
 */
async function addAgainst(subjects: Subject[], { against, runtime }: RunOptions): Promise<Subject[]> {
  if (against === undefined) return subjects
  const others = await preparedSubjects(chosenSubjects([against]).subjects)
  const [other] = others
  for (const [option, one] of [...subjects, ...others].map((one) => ['--runtime, --against', one] as const))
    if (!hasManifest(one.folder))
      throw new UsageError(
        `${option}: found ${printable(one.name)}, expected a runtime with a manifest.yaml, which runs in its own process`,
      )
  if (runtime.length !== 1 || other === undefined)
    throw new UsageError(
      `--against: found ${countWithNoun(runtime.length, 'runtime')}, expected exactly one --runtime`,
    )
  return subjects.map((subject) => ({ ...subject, against: other }))
}

/** Reads the options. Throws a `UsageError` if they name something that does not exist. */
async function readOptions(options: RunOptions) {
  const seed = seedOf(options)
  const runs = wholeNumber('--runs', options.runs, 1, 10_000_000)
  const time =
    options.time === undefined ? undefined : wholeNumber('--time', options.time, 1, 1_000_000) * 1000
  const { subjects: chosen, versions } = chosenSubjects(options.runtime)
  const { scenarios, cases } = await chosenScenarios(options.scenario)
  const invariants = chosenInvariants(options.invariant)
  const { paths, errors } = await chosenRecordings(options.recordings, cases)
  const subjects = await addAgainst(await preparedSubjects(chosen), options)
  const transport = transportFor(subjects, options.transport)
  const run = {
    subjects,
    ...(scenarios ? { scenarios } : {}),
    settings: {
      seed,
      runs,
      ...(time === undefined ? {} : { time }),
      transport,
      ...(invariants ? { invariants } : {}),
      recordings: paths,
      ...(cases ? { cases } : {}),
    },
    bail: options.bail === true,
    ...patienceOf(options),
  } satisfies ScenarioRun
  return { run, versions, errors }
}

/** Returns the name of the runtime of `--against`. */
function readAgainst({ subjects }: ScenarioRun): Pick<RunReport, 'against'> {
  const [other] = subjects.flatMap(({ against }) => (against === undefined ? [] : [against.name]))
  return other === undefined ? {} : { against: other }
}

async function conclude(
  options: RunOptions,
  { run, versions, errors }: Asked,
  { results: told, faults, isolation }: Pick<RunReport, 'results' | 'faults' | 'isolation'>,
): Promise<number> {
  checkVersions(told, versions)
  const results = distinctRuntimes(told, run.subjects)
  const { seed, runs, time, transport } = run.settings
  const report: RunReport = {
    seed,
    ...(time === undefined ? { runs } : {}),
    transport,
    ...readAgainst(run),
    isolation,
    results,
    faults: [...errors.map((error) => `recording skipped: ${error}`), ...faults],
  }
  const kept = await keepCounterexamples(listVerdicts(report), options.out)
  const shownAgain = options.repro ? await writeScripts(kept.files, run, results) : ''
  const code = exitCodeOf(report, errors.length > 0, faults.length > 0)
  if (options.json !== '-') {
    const folders = nameSubjects(run)
    const named = new Map(
      results.flatMap(({ runtime, verdicts }) => {
        const folder = folders.get(runtime)
        return folder === undefined ? [] : verdicts.map((verdict) => [verdict, folder] as const)
      }),
    )
    process.stdout.write(
      terminalReport(report, buildReplayCommands(kept.files, named), process.stdout.columns),
    )
    if (time !== undefined) process.stdout.write(formatRepeatCommands(report, folders))
    process.stdout.write(shownAgain)
    if (options.bail && code !== exitCodes.expected)
      process.stdout.write('--bail: the run stopped at the first failure. The remaining cases did not run.\n')
  }
  // Last, so that the report is printed even if a file cannot be written.
  if (options.json !== undefined) await writeJson(options.json, buildJsonReport(report))
  if (kept.problem !== undefined) throw new UsageError(kept.problem)
  return code
}

/** Writes a script for each violation beside its counterexample. Returns the lines that name the scripts or the reasons. */
async function writeScripts(
  files: ReadonlyMap<Verdict, string>,
  { subjects }: ScenarioRun,
  results: RunReport['results'],
): Promise<string> {
  const askedAs = new Map(results.flatMap(({ runtime, verdicts }) => verdicts.map((one) => [one, runtime])))
  const lines: string[] = []
  for (const [verdict, file] of files) {
    const subject = subjects.find(({ name }) => name === askedAs.get(verdict))
    if (verdict.verdict === 'known' || verdict.counterexample === undefined || subject === undefined) continue
    const { ending, program } = languageOf(subject)
    const path = file.replace(/\.json$/, `.repro${ending}`)
    const why = await writeRepro(path, verdict.counterexample, verdict, subject, writeResultFile)
    lines.push(
      why === undefined
        ? `  ${program} ${quoteForShell(relative(process.cwd(), path))}`
        : `  no script: ${printable(why, 1000)}`,
    )
  }
  if (lines.length === 0)
    return files.size === 0
      ? ''
      : '--repro: no script was written, because all violations are listed in known.yaml.\n'
  const hint = 'the first lines of each script say which packages to install'
  return `${pc.bold('Scripts that show the violations without the harness')} (${hint})\n${lines.join('\n')}\n`
}

/** Returns the command that replays each counterexample. */
function buildReplayCommands(
  files: ReadonlyMap<Verdict, string>,
  named: ReadonlyMap<Verdict, string>,
): ReplayCommands {
  return new Map(
    [...files].map(([verdict, file]) => {
      const runtime = named.get(verdict)
      const path = quoteForShell(relative(process.cwd(), file))
      const args = runtime === undefined ? path : `${path} --runtime ${runtime}`
      return [verdict, formatCommand(`replay ${args}`)]
    }),
  )
}

/** Returns the value of `--runtime` for runtimes outside this project, or at another version, by the name in the report. */
function nameSubjects({ subjects }: ScenarioRun): Map<string, string> {
  const own = new Set([...listDefaultSubjects(), ...listRequestedSubjects()].map(({ folder }) => folder))
  return new Map(
    subjects
      .filter(({ folder, version }) => version !== undefined || !own.has(folder))
      .map(({ name, folder, version }) => [
        name,
        quoteForShell(version === undefined ? pathFromHere(folder) : name),
      ]),
  )
}

/** Returns the commands that run the same plans again after a run with `--time`. */
function formatRepeatCommands(report: RunReport, folders: ReadonlyMap<string, string>): string {
  const lines = report.results
    .filter(({ scenario }) => !scenario.includes('/'))
    .map(({ runtime, scenario, verdicts }) => {
      const plans = Math.max(...verdicts.map((verdict) => verdict.plans))
      const named = folders.get(runtime) ?? runtime
      const how = report.transport === defaultTransport ? '' : ` --transport ${report.transport}`
      const args = `--runtime ${named} --scenario ${scenario} --seed ${report.seed} --runs ${plans}${how}`
      return `  ${formatCommand(args)}`
    })
  return `${pc.bold('To run the same plans again')}\n${lines.join('\n')}\n`
}

function exitCodeOf(report: RunReport, unread: boolean, faulty: boolean): number {
  const verdicts = listVerdicts(report)
  if (faulty || verdicts.length === 0) return exitCodes.harness
  const decisive = verdicts.filter(isDecisive)
  if (decisive.some((one) => one.verdict !== 'violated' && !isCutShort(one, decisive)))
    return exitCodes.harness
  if (decisive.length + listStale(report).length > 0) return exitCodes.violated
  return unread ? exitCodes.usage : exitCodes.expected
}

/** Returns whether a check is missing because a violation in the same scenario ended the process. */
function isCutShort({ verdict, runtime, scenario }: Verdict, decisive: readonly Verdict[]): boolean {
  return (
    verdict === 'missing' &&
    decisive.some((one) => one.verdict === 'violated' && one.runtime === runtime && one.scenario === scenario)
  )
}
