import type { Command } from 'commander'
import pc from 'picocolors'
import { buildDefaults, type Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { chooseByName } from '../choose-by-name.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { chooseSeed, parseWholeNumber } from '../number-options.ts'
import { repeatedOption } from '../repeated-option.ts'
import { chooseScenarios, chooseSubjects } from '../scenarios/chosen.ts'
import { createProgressLine } from '../scenarios/progress-line.ts'
import { runScenarios } from '../scenarios/run-scenarios.ts'
import {
  buildVariantResult,
  readVariants,
  type VariantFinding,
  type VariantResult,
} from '../scenarios/variants.ts'

interface VariantsOptions {
  runtime: string
  variant: string[]
  scenario: string[]
  runs: string
  seed?: string
  json?: string
}

export function addVariantsCommand(program: Command): void {
  program
    .command('variants')
    .description('Check that the harness finds nothing wrong with other legal behaviours of a runtime.')
    .option(
      '--runtime <name>',
      'a runtime with a folder of variants: NAME, or the path of a folder',
      'reference',
    )
    .addOption(repeatedOption('--variant <name>', 'check this variant'))
    .addOption(repeatedOption('--scenario <name>', 'run this scenario, or one case: SCENARIO/CASE'))
    .option('--runs <number>', 'number of generated plans per scenario', '30')
    .option('--seed <number>', 'fixes all generated plans (default: random; the result prints the seed)')
    .option('--json <file>', 'write the results as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
The file of a variant describes a behaviour that is legal, with a source. The command runs every scenario on the runtime
with this behaviour, and checks every invariant and comparison. A must that breaks is a false alarm of the harness.

Exit codes:
  0  no must is violated
  1  a must is violated
  2  wrong usage
  3  fault of the harness

Examples:
  $ conform variants --variant retries-once
  $ conform --runtime reference+retries-once    print the findings on the runtime with this variant`,
    )
    .action(async (options: VariantsOptions) => {
      process.exitCode = await checkVariants(options)
    })
}

async function checkVariants(options: VariantsOptions): Promise<number> {
  const seed = chooseSeed(options)
  const runs = parseWholeNumber('--runs', options.runs, 1, 1_000_000)
  const { scenarios, cases } = await chooseScenarios(options.scenario)
  const [subject] = chooseSubjects([options.runtime]).subjects as [Subject]
  const asked = chooseByName('--variant', await readVariants(subject.folder), options.variant)
  const progress = createProgressLine(options.json === '-')
  const { results, faults: broken } = await runScenarios({
    subjects: [subject],
    ...(scenarios ? { scenarios } : {}),
    settings: {
      ...{ seed, runs, recordings: buildDefaults(new Date()).recordings },
      variants: asked.map(({ name }) => name),
      ...(cases ? { cases } : {}),
    },
    progress: progress.show,
  })
  progress.clear()
  const built = asked.map((variant) => buildVariantResult(variant, results))
  const variants = built.map(({ result }) => result)
  const faults = [...broken, ...built.flatMap((one) => one.faults)]
  if (options.json !== '-') process.stdout.write(formatResults(variants, faults, seed, runs))
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, runtime: subject.name, seed, runs, variants, faults })
  if (faults.length > 0) return exitCodes.harness
  return variants.every(({ violated }) => violated.length === 0) ? exitCodes.expected : exitCodes.violated
}

function formatResults(
  results: readonly VariantResult[],
  faults: readonly string[],
  seed: number,
  runs: number,
): string {
  const width = Math.max(...results.map(({ name }) => name.length))
  const lines = results.flatMap((one) => {
    const isSound = one.violated.length === 0
    const mark = isSound ? pc.green('✓') : pc.red('✗')
    const what = `${countWithNoun(one.plans, 'plan')}, ${isSound ? 'no must violated' : pc.red(`violated: ${one.violated.join(', ')}`)}`
    const shoulds = one.shoulds.length === 0 ? '' : `; should: ${one.shoulds.join(', ')}`
    return [
      `${mark} ${one.name.padEnd(width)}  ${what}${shoulds}`,
      ...one.findings.filter(isMust).map(formatFinding),
    ]
  })
  const failed = results.filter(({ violated }) => violated.length > 0).length
  const drawn = pc.dim(`(seed ${seed}, ${countWithNoun(runs, 'plan')} per scenario)`)
  const last =
    failed === 0
      ? pc.green(`${countWithNoun(results.length, 'variant')}: no must is violated.`)
      : pc.red(`${failed} of ${countWithNoun(results.length, 'variant')}: a must is violated.`)
  const broken = faults.map((fault) => `${pc.red('Fault of the harness:')} ${toPrintable(fault, 1000)}`)
  return `${[...lines, ...broken, '', `${last} ${drawn}`].join('\n')}\n`
}

function isMust({ level }: VariantFinding): boolean {
  return level === 'must'
}

function formatFinding({ invariant, scenario, cause, message, verdict }: VariantFinding): string {
  const flaky = verdict === 'flaky' ? ' (flaky)' : ''
  return `    ${invariant} in ${scenario}${flaky}: ${toPrintable(cause, 200)}: ${toPrintable(message, 500)}`
}
