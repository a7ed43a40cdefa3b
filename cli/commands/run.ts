import { relative } from 'node:path'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { hasManifest } from '../../harness/environments/manifest.ts'
import { isDecisive, type Verdict } from '../../harness/explore/verdict.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { writeResultFile } from '../../mocks/result-file.ts'
import { defaultTransport, type TransportName, transportNames } from '../../mocks/transports.ts'
import { buildJsonReport } from '../../reports/json.ts'
import { listStale, listVerdicts, type RunReport } from '../../reports/run-report.ts'
import { formatReport } from '../../reports/terminal.ts'
import { describeWithoutTraffic } from '../../reports/without-traffic.ts'
import { writeCounterexamples } from '../counterexample-files.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { buildPatienceOption, chooseSeed, parsePatience, parseWholeNumber } from '../number-options.ts'
import { quoteForShell } from '../own-command.ts'
import { buildReplayCommands, formatRepeatCommands, nameSubjects } from '../repeat-commands.ts'
import { repeatedOption, withOption } from '../repeated-option.ts'
import { chooseLanguage, writeRepro } from '../repro-files.ts'
import { chooseInvariants, chooseRecordings, chooseScenarios, chooseSubjects } from '../scenarios/chosen.ts'
import {
  makeRuntimesDistinct,
  requireAskedVersions,
  requireKnownWords,
} from '../scenarios/distinct-runtimes.ts'
import { chooseOther } from '../scenarios/other-runtime.ts'
import { chooseTransport, prepareSubjects } from '../scenarios/prepared.ts'
import { createProgressLine } from '../scenarios/progress-line.ts'
import { runScenarios, type ScenarioResults, type ScenarioRun } from '../scenarios/run-scenarios.ts'
import { judgeByOther } from '../scenarios/shared-violations.ts'
import { watchScenarios } from '../scenarios/watch.ts'
import { selectBeside } from '../scenarios/with-packages.ts'
import { waitForStop } from '../until-stopped.ts'

interface RunOptions {
  runtime: string[]
  scenario: string[]
  invariant: string[]
  recordings: string[]
  with: string[]
  against?: string
  againstWith: string[]
  runs: string
  seed?: string
  time?: string
  transport: TransportName
  patience?: string
  watch?: true
  bail?: true
  json?: string
  verbose?: true
  out: string
  repro?: true
}

export function addRunCommand(program: Command): void {
  program
    .command('run', { isDefault: true })
    .description('Run scenarios on runtimes and report which invariants are violated (the default command).')
    .addOption(
      repeatedOption(
        '--runtime <name>',
        'run this runtime: NAME, NAME@VERSION, NAME+DEFECT, or the path of a folder with an adapter.ts, also with @VERSION',
        'all with an adapter.ts',
      ),
    )
    .addOption(withOption('beside each --runtime'))
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
      'report only violations of --runtime that this runtime does not have; usually an older version of the same runtime',
    )
    .addOption(withOption('beside --against', '--against-with'))
    .option('--runs <number>', 'number of plans to generate per scenario', '100')
    .option('--seed <number>', 'fixes all generated plans (default: random; the report prints the seed)')
    .option('--time <seconds>', 'generate plans for this long per scenario, instead of --runs')
    .addOption(
      new Option('--transport <name>', 'how the runtime reaches the simulated service')
        .choices(transportNames)
        .default(defaultTransport),
    )
    .addOption(buildPatienceOption())
    .option('--watch', 'run again when a file changes')
    .option('--bail', 'stop at the first failure')
    .option('--json <file>', 'write the verdicts as JSON to this file; - for stdout')
    .option('--verbose', 'also list how often each invariant was put to the test')
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
  $ conform --runtime agentscope --with agentscope@1.0.19                another version of the package beside the instrumentation
  $ conform --runtime ./mine --watch --bail              run again after each change, while you fix the runtime`,
    )
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options)
    })
}

async function run(options: RunOptions): Promise<number> {
  const asked = await readOptions(options)
  if (options.watch)
    return watchScenarios(asked.run, async (results) =>
      reportResults(options, asked, await omitShared(results, asked)),
    )
  const progress = createProgressLine(options.json === '-')
  const stop = new AbortController()
  void waitForStop().then(() => stop.abort())
  const results = await runScenarios({ ...asked.run, progress: progress.show, stop: stop.signal })
  const compared = await omitShared(results, asked)
  progress.clear()
  return reportResults(options, asked, compared)
}

type Asked = Awaited<ReturnType<typeof readOptions>>

/** Takes out what the runtime of `--against` violates as well, if that was not compared plan by plan. */
async function omitShared(results: ScenarioResults, { run, other }: Asked): Promise<ScenarioResults> {
  if (other === undefined || hasManifest(other.folder)) return results
  const all = results.results.flatMap(({ verdicts }) => verdicts)
  const { judged, faults } = await judgeByOther(all, other, run.settings.transport)
  return {
    ...results,
    results: results.results.map((one) => ({
      ...one,
      verdicts: one.verdicts.map((verdict) => judged.get(verdict) ?? verdict),
      // known.yaml does not apply to a comparison.
      stale: [],
    })),
    faults: [...results.faults, ...faults],
  }
}

/** Reads the options. Throws a `UsageError` if they name something that does not exist. */
async function readOptions(options: RunOptions) {
  const seed = chooseSeed(options)
  const runs = parseWholeNumber('--runs', options.runs, 1, 10_000_000)
  const time =
    options.time === undefined ? undefined : parseWholeNumber('--time', options.time, 1, 1_000_000) * 1000
  const { subjects: chosen, versions } = chooseSubjects(options.runtime)
  const { scenarios, cases } = await chooseScenarios(options.scenario)
  const invariants = chooseInvariants(options.invariant)
  const { paths, errors, withoutTraffic } = await chooseRecordings(options.recordings, cases)
  const asked = chosen.map((one) => selectBeside(one, options.with))
  const askedOther = chooseOther(asked, options)
  const prepared = await prepareSubjects(asked)
  const [other] = askedOther === undefined ? [] : await prepareSubjects([askedOther])
  const subjects =
    other && hasManifest(other.folder) ? prepared.map((one) => ({ ...one, against: other })) : prepared
  const transport = chooseTransport(subjects, options.transport)
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
    ...parsePatience(options),
  } satisfies ScenarioRun
  return { run, versions, errors, withoutTraffic, other }
}

async function reportResults(
  options: RunOptions,
  { run, versions, errors, withoutTraffic, other }: Asked,
  {
    results: told,
    faults,
    isolation,
    partial,
  }: Pick<ScenarioResults, 'results' | 'faults' | 'isolation' | 'partial'>,
): Promise<number> {
  requireAskedVersions(told, versions)
  requireKnownWords(told)
  const results = makeRuntimesDistinct(told, run.subjects)
  const { seed, runs, time, transport } = run.settings
  const report: RunReport = {
    seed,
    ...(time === undefined ? { runs } : {}),
    transport,
    ...(other === undefined ? {} : { against: other.name }),
    isolation,
    ...(partial ? { partial } : {}),
    results,
    faults: [...errors.map((error) => `recording skipped: ${error}`), ...faults],
  }
  const kept = await writeCounterexamples(listVerdicts(report), options.out)
  const shownAgain = options.repro ? await writeScripts(kept.files, run, results) : ''
  const code = chooseExitCode(report, errors.length > 0, faults.length > 0)
  if (options.json !== '-') {
    const folders = nameSubjects(run)
    const named = new Map(
      results.flatMap(({ runtime, verdicts }) => {
        const folder = folders.get(runtime)
        return folder === undefined ? [] : verdicts.map((verdict) => [verdict, folder] as const)
      }),
    )
    const histories = new Map([...kept.histories].map(([one, file]) => [one, relative(process.cwd(), file)]))
    const shown = { width: process.stdout.columns, isVerbose: options.verbose === true, histories }
    process.stdout.write(formatReport(report, buildReplayCommands(kept.files, named), shown))
    if (time !== undefined) process.stdout.write(formatRepeatCommands(report, folders))
    process.stdout.write(describeWithoutTraffic(withoutTraffic, '\n') + shownAgain)
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
    const { ending, program } = chooseLanguage(subject)
    const path = file.replace(/\.json$/, `.repro${ending}`)
    const why = await writeRepro(path, verdict.counterexample, verdict, subject, writeResultFile)
    lines.push(
      why === undefined
        ? `  ${program} ${quoteForShell(relative(process.cwd(), path))}`
        : `  no script: ${toPrintable(why, 1000)}`,
    )
  }
  if (lines.length === 0)
    return files.size === 0
      ? ''
      : '--repro: no script was written, because all violations are listed in known.yaml.\n'
  const hint = 'the first lines of each script say which packages to install'
  return `${pc.bold('Scripts that show the violations without the harness')} (${hint})\n${lines.join('\n')}\n`
}

function chooseExitCode(report: RunReport, unread: boolean, faulty: boolean): number {
  const verdicts = listVerdicts(report)
  if (faulty || verdicts.length === 0) return exitCodes.harness
  const decisive = verdicts.filter(isDecisive)
  if (decisive.some((one) => one.verdict !== 'violated' && !isCutShort(one, decisive)))
    return exitCodes.harness
  if (decisive.length + listStale(report).length > 0) return exitCodes.violated
  if (report.partial) return exitCodes.harness
  return unread ? exitCodes.usage : exitCodes.expected
}

/** Returns whether a check is missing because a violation in the same scenario ended the process. */
function isCutShort({ verdict, runtime, scenario }: Verdict, decisive: readonly Verdict[]): boolean {
  return (
    verdict === 'missing' &&
    decisive.some((one) => one.verdict === 'violated' && one.runtime === runtime && one.scenario === scenario)
  )
}
