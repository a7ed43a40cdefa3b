import { type Command, Option } from 'commander'
import pc from 'picocolors'
import type { Verdict, VerdictName } from '../../harness/explore/verdict.ts'
import type { Counterexample } from '../../harness/known/counterexample.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { writeNamedFile } from '../../mocks/result-file.ts'
import { defaultTransport, type TransportName, transportNames } from '../../mocks/transports.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { buildJsonReport } from '../../reports/json.ts'
import type { RunReport } from '../../reports/run-report.ts'
import { formatReport } from '../../reports/terminal.ts'
import { formatBodies, formatWholeHistory } from '../../reports/whole-history.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { readPlanFile } from '../kept-plan.ts'
import { buildPatienceOption, parsePatience } from '../number-options.ts'
import { repeatedOption, withOption } from '../repeated-option.ts'
import { writeRepro } from '../repro-files.ts'
import {
  chooseInvariantsForFile,
  chooseScenarioFile,
  chooseSubjects,
  findSubjectOfFile,
} from '../scenarios/chosen.ts'
import {
  makeRuntimesDistinct,
  requireAskedVersions,
  requireKnownWords,
} from '../scenarios/distinct-runtimes.ts'
import { chooseTransport, prepareSubjects } from '../scenarios/prepared.ts'
import { runScenarios } from '../scenarios/run-scenarios.ts'
import { selectBeside } from '../scenarios/with-packages.ts'

interface ReplayOptions {
  runtime: string[]
  with: string[]
  invariant: string[]
  transport?: TransportName
  patience?: string
  json?: string
  repro?: string
  history?: true
  bodies?: true
}

export function addReplayCommand(program: Command): void {
  program
    .command('replay <file>')
    .description('Run the plan of a counterexample, or a bare plan, once more. The plan is not shrunk.')
    .addOption(
      repeatedOption('--runtime <name>', 'run the plan on this runtime', 'the runtime of the counterexample'),
    )
    .addOption(withOption('beside the runtime'))
    .addOption(repeatedOption('--invariant <id>', 'check this invariant', 'the one of the counterexample'))
    .addOption(
      new Option('--transport <name>', 'how the runtime reaches the simulated service').choices(
        transportNames,
      ),
    )
    .addOption(buildPatienceOption())
    .option('--json <file>', 'write the verdicts as JSON to this file; - for stdout')
    .option('--history', 'also print every event of the history')
    .option('--bodies', 'also print the bodies of all requests')
    .option('--repro <file>', 'write a script to this file that shows the violation without the harness')
    .addHelpText(
      'after',
      `
Exit codes:
  0  the plan violates nothing, or only what known.yaml of the runtime lists
  1  the plan violates an invariant
  2  wrong usage, for example a file that is not a plan
  3  fault of the harness

Examples:
  $ conform replay conform-results/FILE
  $ conform replay conform-results/FILE --history --bodies
  $ conform replay conform-results/FILE --runtime ./mine --transport intercept`,
    )
    .action(async (file: string, options: ReplayOptions) => {
      process.exitCode = await replayPlan(file, options)
    })
}

type Proof = 'violation' | 'fault' | 'unfinished' | 'none'

/** What a verdict proves about a replayed plan. A process that ended early gives no evidence that an invariant holds. */
const proofs: Record<VerdictName, Proof> = {
  holds: 'none',
  unexercised: 'none',
  violated: 'violation',
  known: 'none',
  flaky: 'violation',
  'not-applicable': 'none',
  missing: 'unfinished',
  'harness-error': 'fault',
}

async function replayPlan(file: string, options: ReplayOptions): Promise<number> {
  const kept = readPlanFile(file)
  const chosen = chooseRuntime(file, kept, options)
  if (options.repro !== undefined && chosen.subjects.length > 1)
    throw new UsageError(
      `--repro: found ${countWithNoun(chosen.subjects.length, 'runtime')}, expected exactly one --runtime`,
    )
  const invariants = chooseInvariantsForFile(options.invariant, kept, file)
  const seed = 0
  const scenario = kept.scenario ?? 'replay'
  const subjects = await prepareSubjects(chosen.subjects.map((one) => selectBeside(one, options.with)))
  const tellsHistory = options.history || options.bodies
  const transport = chooseTransport(subjects, options.transport ?? kept.transport ?? defaultTransport)
  const {
    results: told,
    faults,
    isolation,
  } = await runScenarios({
    subjects,
    scenarios: [chooseScenarioFile(scenario)],
    settings: {
      seed,
      runs: 1,
      transport,
      ...(invariants ? { invariants } : {}),
      replay: { scenario, plan: kept.plan, usesKnown: true, ...(tellsHistory ? { tellsHistory } : {}) },
    },
    ...parsePatience(options),
    workers: 1,
  })
  requireAskedVersions(told, chosen.versions)
  requireKnownWords(told)
  const results = makeRuntimesDistinct(told, subjects)
  const report: RunReport = { seed, runs: 1, transport, isolation, results, faults }
  if (options.json !== undefined) await writeJson(options.json, buildJsonReport(report))
  if (options.json !== '-')
    process.stdout.write(
      `${formatReport(report, new Map(), { width: process.stdout.columns })}${compareWithFile(kept, report)}${formatHistories(results, options)}`,
    )
  const verdicts = results.flatMap((one) => one.verdicts)
  if (options.repro !== undefined) await writeScript(options.repro, verdicts, subjects, options.json === '-')
  const has = (proof: Proof) => verdicts.some(({ verdict }) => proofs[verdict] === proof)
  if (faults.length > 0 || has('fault')) return exitCodes.harness
  if (has('violation')) return exitCodes.violated
  return has('unfinished') || verdicts.length === 0 ? exitCodes.harness : exitCodes.expected
}

/** Returns the histories and the bodies that the options ask for. Several runtimes are told apart by their names. */
function formatHistories(results: RunReport['results'], options: ReplayOptions): string {
  return results
    .flatMap(({ history = [], verdicts }) => {
      const of = results.length > 1 ? ` of ${toPrintable(verdicts[0]?.runtime ?? 'an unknown runtime')}` : ''
      return [
        ...(options.history ? [formatWholeHistory(history, of)] : []),
        ...(options.bodies ? [formatBodies(history, of)] : []),
      ]
    })
    .join('')
}

/** Returns the runtimes of `--runtime`, or the runtime of this project that the file names. */
function chooseRuntime(
  file: string,
  { runtime }: Partial<Counterexample>,
  options: ReplayOptions,
): ReturnType<typeof chooseSubjects> {
  if (options.runtime.length > 0) return chooseSubjects(options.runtime)
  if (runtime === undefined)
    throw new UsageError(
      `${toPrintable(file)}: found a plan without a runtime, expected a counterexample or --runtime`,
    )
  const { subject, version } = findSubjectOfFile(file, runtime)
  return { subjects: [subject], versions: new Map(version === undefined ? [] : [[subject.name, version]]) }
}

/** Writes a script that shows the violation. Throws a `UsageError` if the plan violates nothing. */
async function writeScript(
  file: string,
  verdicts: readonly Verdict[],
  [subject]: Subject[],
  isQuiet: boolean,
): Promise<void> {
  const violated = verdicts.find(({ counterexample }) => counterexample !== undefined)
  if (violated?.counterexample === undefined || subject === undefined)
    throw new UsageError(
      `--repro ${toPrintable(file)}: no script was written, because the plan violates nothing`,
    )
  const why = await writeRepro(file, violated.counterexample, violated, subject, writeNamedFile)
  if (why !== undefined) throw new UsageError(`--repro ${toPrintable(file)}: ${toPrintable(why, 1000)}`)
  if (!isQuiet)
    process.stdout.write(`Script written to ${toPrintable(file)}. Its first lines say how to run it.\n`)
}

/** Returns a line that says whether the violations are the same as in the file. It is empty for several runtimes. */
function compareWithFile(kept: Partial<Counterexample>, { results }: RunReport): string {
  if (kept.violations === undefined || results.length > 1) return ''
  const said = kept.violations.map(({ message }) => message).join('\n')
  // A file has the violations of one cause. The plan may show others as well.
  const causes = new Set(kept.violations.map(({ cause }) => cause))
  const now = results
    .flatMap(({ verdicts }) => verdicts)
    .filter(({ invariant }) => kept.invariant === undefined || invariant === kept.invariant)
    .flatMap(({ counterexample }) => counterexample?.violations ?? [])
    .filter(({ cause }) => causes.has('') || causes.has(cause))
    .map(({ message }) => message)
    .join('\n')
  if (now === said) return pc.dim('The violations are the same as in the file.\n')
  return pc.yellow(`The violations differ from the file, which has: ${toPrintable(said, 300)}\n`)
}
