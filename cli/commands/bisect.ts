import type { Command } from 'commander'
import pc from 'picocolors'
import { harness } from '../../harness/contract/harness.ts'
import type { Colour } from '../../harness/explore/border.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { counted } from '../../reports/counted.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { keptIn } from '../kept-plan.ts'
import { seedOf, wholeNumber } from '../number-options.ts'
import { several } from '../repeated-option.ts'
import { type Bisected, bisected, type Question, type Tested, versionsOf } from '../scenarios/bisect.ts'
import {
  chosenInvariants,
  chosenScenarios,
  chosenSubjects,
  fileFor,
  invariantsOf,
} from '../scenarios/chosen.ts'

interface BisectOptions {
  runtime: string
  scenario?: string
  plan?: string
  invariant: string[]
  good?: string
  bad?: string
  runs: string
  seed?: string
  json?: string
}

export function bisectCommand(program: Command): void {
  program
    .command('bisect')
    .description('Find the released version that broke a promise, or mended it.')
    .requiredOption('--runtime <name>', 'a runtime whose versions are published')
    .option('--scenario <name>', 'what is put to each version: a scenario, or one case of it')
    .option('--plan <file>', 'in its place, a plan or a counterexample')
    .option(
      '--invariant <id>',
      'only this one counts; default: the one of the counterexample, else every must',
      several,
      [],
    )
    .option('--good <version>', 'a version that keeps the promise; default: the newest, or the oldest')
    .option('--bad <version>', 'a version that breaks it; default: the newest')
    .option('--runs <number>', 'plans drawn for the scenario, the same for each version', '100')
    .option('--seed <number>', 'fixes every plan that is drawn; printed with the result')
    .option('--json <file>', 'write what was found as JSON; - for stdout')
    .addHelpText(
      'after',
      `
Versions are tried by halves, each installed into an environment of its own; those that cannot be installed or loaded are told,
and gone around. Versions before a release are tried only where --good or --bad is one.
Exit codes: 0 where the border is found, 1 where there is none between the two, 2 wrong usage, 3 a fault of the harness.

Examples:
  $ conform bisect --runtime openai-agents --scenario stream-errors --invariant truncation-is-failure --good 0.20.0 --bad 0.16.0
  $ conform bisect --runtime agent-framework --plan runtimes/agent-framework/zoo/maf-6866.json --bad 1.9.0`,
    )
    .action(async (options: BisectOptions) => {
      process.exitCode = await bisect(options)
    })
}

async function bisect(options: BisectOptions): Promise<number> {
  const seed = seedOf(options)
  const runs = wholeNumber('--runs', options.runs, 1, 10_000_000)
  const [subject] = chosenSubjects([options.runtime]).subjects as [Subject]
  if (subject.version !== undefined || subject.defect !== undefined)
    throw new UsageError(
      `--runtime: found ${printable(options.runtime)}, expected a name without a version or defect`,
    )
  const question = { ...(await questionOf(options)), seed, runs }
  const { published, versions } = await versionsOf(subject, options)
  const quiet = options.json === '-'
  if (!quiet)
    process.stdout.write(`${published.package}: ${counted(versions.length, 'version')} (seed ${seed})\n`)
  const told = await bisected(subject, versions, question, (one) => {
    if (!quiet) process.stdout.write(`${line(one)}\n`)
  })
  if (!quiet) process.stdout.write(`\n${concluded(told)}\n`)
  const { found, tested } = told
  if (options.json !== undefined) {
    const asked = {
      runtime: subject.name,
      package: published.package,
      seed,
      runs,
      invariants: question.invariants ?? null,
    }
    await writeJson(options.json, { schema: 1, harness, bisect: { ...asked, ...found, tested } })
  }
  if (!('only' in found)) return exitCodes.expected
  return found.only === 'untestable' ? exitCodes.harness : exitCodes.violated
}

async function questionOf({
  scenario,
  plan,
  invariant,
}: BisectOptions): Promise<Omit<Question, 'seed' | 'runs'>> {
  if ((scenario === undefined) === (plan === undefined))
    throw new UsageError('bisect: found neither or both of --scenario and --plan, expected one of them')
  if (plan !== undefined) {
    const kept = keptIn(plan)
    const invariants = invariantsOf(invariant, kept, plan)
    const named = kept.scenario ?? 'replay'
    const replay = { scenario: named, plan: kept.plan }
    return { scenarios: [fileFor(named)], replay, ...(invariants ? { invariants } : {}) }
  }
  const { scenarios = [], cases } = await chosenScenarios([scenario ?? ''])
  const invariants = chosenInvariants(invariant)
  return { scenarios, ...(cases ? { cases } : {}), ...(invariants ? { invariants } : {}) }
}

const signs: Record<Colour, string> = { good: pc.green('✓'), bad: pc.red('✗'), untestable: pc.yellow('?') }

function line({ version, colour, reason }: Tested): string {
  const why = colour === 'good' ? '' : `  ${pc.dim(printable(reason, 300))}`
  return `${signs[colour]} ${version.padEnd(14)} ${colour}${why}`
}

function concluded({ found, tested, versions }: Bisected): string {
  if ('only' in found) {
    const ends = `${versions[0]} and ${versions.at(-1)}`
    return found.only === 'untestable'
      ? pc.red(`Between ${ends} nothing could be tested.`)
      : pc.yellow(`No border: ${ends}, as far as they could be tested, are both ${found.only}.`)
  }
  const { before, after, good } = found
  const [first, last] = [versions.indexOf(before), versions.indexOf(after)]
  const between = tested.filter(({ version }) => {
    const place = versions.indexOf(version)
    return place > first && place < last
  })
  const head =
    good === 'before'
      ? `Last good ${before}, first bad ${after}.`
      : `Last bad ${before}, first good ${after}.`
  const gap = between.map(({ version }) => version).join(', ')
  return `${pc.bold(head)}${gap === '' ? '' : ` Between them could not be tested: ${gap}.`}`
}
