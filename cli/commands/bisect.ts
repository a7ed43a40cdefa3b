import type { Command } from 'commander'
import pc from 'picocolors'
import { harness } from '../../harness/contract/harness.ts'
import type { Colour } from '../../harness/explore/border.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { readPlanFile } from '../kept-plan.ts'
import { chooseSeed, parseWholeNumber } from '../number-options.ts'
import { repeatedOption, withOption } from '../repeated-option.ts'
import {
  type Bisected,
  bisect,
  listVersionsToSearch,
  type Question,
  type Tested,
} from '../scenarios/bisect.ts'
import {
  chooseInvariants,
  chooseInvariantsForFile,
  chooseScenarioFile,
  chooseScenarios,
  chooseSubjects,
} from '../scenarios/chosen.ts'
import { selectBeside } from '../scenarios/with-packages.ts'

interface BisectOptions {
  runtime: string
  scenario?: string
  plan?: string
  invariant: string[]
  with: string[]
  good?: string
  bad?: string
  runs: string
  seed?: string
  json?: string
}

export function addBisectCommand(program: Command): void {
  program
    .command('bisect')
    .description('Find the released version that introduced or fixed a violation.')
    .requiredOption('--runtime <name>', 'a runtime with published versions')
    .option('--scenario <name>', 'run this scenario, or one case of it, on each version')
    .option('--plan <file>', 'run this plan or counterexample instead of a scenario')
    .addOption(
      repeatedOption(
        '--invariant <id>',
        'check this invariant',
        'the one of the counterexample, or every must',
      ),
    )
    .addOption(withOption('this version on each tested version'))
    .option('--good <version>', 'a version without the violation (default: the newest, or the oldest)')
    .option('--bad <version>', 'a version with the violation (default: the newest)')
    .option('--runs <number>', 'number of plans to generate; each version runs the same plans', '100')
    .option('--seed <number>', 'fixes all generated plans (default: random; the result prints the seed)')
    .option('--json <file>', 'write the result as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
The command does a binary search over the published versions. It installs each version into its own environment.
A version that cannot be installed or loaded is reported and skipped.
Prereleases are tested only if --good or --bad is a prerelease.

Exit codes:
  0  the version was found
  1  all tested versions gave the same result
  2  wrong usage
  3  no version could be tested, or a fault of the harness

Examples:
  $ conform bisect --runtime openai-agents --scenario stream-errors --invariant truncation-is-failure --good 0.20.0 --bad 0.16.0
  $ conform bisect --runtime agent-framework --plan runtimes/agent-framework/zoo/maf-6866-hand-over.json --bad 1.9.0`,
    )
    .action(async (options: BisectOptions) => {
      process.exitCode = await bisectVersions(options)
    })
}

async function bisectVersions(options: BisectOptions): Promise<number> {
  const seed = chooseSeed(options)
  const runs = parseWholeNumber('--runs', options.runs, 1, 10_000_000)
  const [subject] = chooseSubjects([options.runtime]).subjects as [Subject]
  if (subject.version !== undefined || subject.defect !== undefined)
    throw new UsageError(
      `--runtime: found ${toPrintable(options.runtime)}, expected NAME, without @VERSION or +DEFECT`,
    )
  // The first choice is made at once, so that a wrong name is refused before anything is installed.
  selectBeside(subject, options.with)
  const question = { ...(await readQuestion(options)), with: options.with, seed, runs }
  const { published, versions } = await listVersionsToSearch(subject, options)
  const quiet = options.json === '-'
  if (!quiet)
    process.stdout.write(
      `${published.package}: ${countWithNoun(versions.length, 'version')} (seed ${seed})\n`,
    )
  const bisected = await bisect(subject, versions, question, (one) => {
    if (!quiet) process.stdout.write(`${formatTested(one)}\n`)
  })
  if (!quiet) process.stdout.write(`\n${formatConclusion(bisected)}\n`)
  const { found, tested } = bisected
  if (options.json !== undefined) {
    const asked = {
      runtime: subject.name,
      package: published.package,
      seed,
      runs,
      invariants: question.invariants ?? null,
      with: options.with,
    }
    await writeJson(options.json, { schema: 1, harness, bisect: { ...asked, ...found, tested } })
  }
  if (!('only' in found)) return exitCodes.expected
  return found.only === 'untestable' ? exitCodes.harness : exitCodes.violated
}

async function readQuestion({
  scenario,
  plan,
  invariant,
}: BisectOptions): Promise<Omit<Question, 'seed' | 'runs' | 'with'>> {
  if ((scenario === undefined) === (plan === undefined))
    throw new UsageError(
      'bisect: found neither or both of --scenario and --plan, expected exactly one of them',
    )
  if (plan !== undefined) {
    const kept = readPlanFile(plan)
    const invariants = chooseInvariantsForFile(invariant, kept, plan)
    const named = kept.scenario ?? 'replay'
    const replay = { scenario: named, plan: kept.plan }
    return { scenarios: [chooseScenarioFile(named)], replay, ...(invariants ? { invariants } : {}) }
  }
  const { scenarios = [], cases } = await chooseScenarios([scenario ?? ''])
  const invariants = chooseInvariants(invariant)
  return { scenarios, ...(cases ? { cases } : {}), ...(invariants ? { invariants } : {}) }
}

const signs: Record<Colour, string> = { good: pc.green('✓'), bad: pc.red('✗'), untestable: pc.yellow('?') }

function formatTested({ version, colour, reason }: Tested): string {
  const why = colour === 'good' ? '' : `  ${pc.dim(toPrintable(reason, 300))}`
  return `${signs[colour]} ${version.padEnd(14)} ${colour}${why}`
}

function formatConclusion({ found, tested, versions }: Bisected): string {
  if ('only' in found) {
    return found.only === 'untestable'
      ? pc.red(`None of the versions from ${versions[0]} to ${versions.at(-1)} could be tested.`)
      : pc.yellow(`All tested versions from ${versions[0]} to ${versions.at(-1)} are ${found.only}.`)
  }
  const { before, after, good } = found
  const [first, last] = [versions.indexOf(before), versions.indexOf(after)]
  const between = tested.filter(({ version }) => {
    const place = versions.indexOf(version)
    return place > first && place < last
  })
  const head =
    good === 'before'
      ? `The last good version is ${before}, the first bad version is ${after}.`
      : `The last bad version is ${before}, the first good version is ${after}.`
  const gap = between.map(({ version }) => version).join(', ')
  return `${pc.bold(head)}${gap === '' ? '' : ` Versions between them that could not be tested: ${gap}.`}`
}
