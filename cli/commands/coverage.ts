import type { Command } from 'commander'
import pc from 'picocolors'
import type { Runtime } from '../../harness/contract/runtime.ts'
import type { Generated } from '../../harness/contract/scenario.ts'
import { describeMissingCapabilities } from '../../harness/explore/judge.ts'
import { loadRuntime } from '../../harness/vitest/load-runtime.ts'
import { listDefaultSubjects } from '../../harness/vitest/projects.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { buildCoverageJson, formatCoverage, type ScenarioCoverage } from '../../reports/coverage.ts'
import { chooseByName } from '../choose-by-name.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { chooseSeed, parseWholeNumber } from '../number-options.ts'
import { repeatedOption } from '../repeated-option.ts'
import { listScenarioNames, loadScenario } from '../scenarios/chosen.ts'
import { measureCoverage } from '../scenarios/coverage.ts'

interface CoverageOptions {
  runtime: string
  scenario: string[]
  runs: string
  seed?: string
  json?: string
}

export function addCoverageCommand(program: Command): void {
  program
    .command('coverage')
    .description('Count what the generated plans reach. No plan runs.')
    .option('--runtime <name>', 'draw the plans for what this runtime can do', 'reference')
    .addOption(repeatedOption('--scenario <name>', 'draw the plans of this scenario'))
    .option('--runs <number>', 'number of generated plans per scenario', '100')
    .option('--seed <number>', 'fixes all generated plans (default: random; the result prints the seed)')
    .option('--json <file>', 'write the counts as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
A word is a part of a plan with a few values, for example the kind of a stop. The table shows for each word how many plans
have each value. A pair is two values of two words in one plan. Large words have groups of values in pairs. Values that a
scenario leaves out on purpose do not count as missing; --json lists them with the reasons.

Examples:
  $ conform coverage --seed 1
  $ conform coverage --scenario stream-errors --runs 1000 --json -`,
    )
    .action(async (options: CoverageOptions) => {
      process.exitCode = await printCoverage(options)
    })
}

async function printCoverage(options: CoverageOptions): Promise<number> {
  const seed = chooseSeed(options)
  const runs = parseWholeNumber('--runs', options.runs, 1, 1_000_000)
  const runtime = await chooseRuntime(options.runtime)
  const measured: ScenarioCoverage[] = []
  const skipped: string[] = []
  for (const { name, scenario } of await chooseGenerated(options.scenario)) {
    const lacking = scenario.needs.filter((need) => !runtime.supports.has(need))
    if (lacking.length === 0) measured.push(measureCoverage(name, scenario, runtime.supports, { runs, seed }))
    else skipped.push(`${name}: not drawn, because ${describeMissingCapabilities(runtime.name, lacking)}`)
  }
  const isQuiet = options.json === '-'
  if (!isQuiet) {
    for (const line of skipped) process.stdout.write(`${line}\n`)
    const drawn = `(runtime ${runtime.name}, seed ${seed}, ${countWithNoun(runs, 'plan')} per scenario)`
    process.stdout.write(`${formatCoverage(measured)}\n${pc.dim(drawn)}\n`)
  }
  if (options.json !== undefined) {
    const scenarios = measured.map(buildCoverageJson)
    await writeJson(options.json, { schema: 1, runtime: runtime.name, seed, runs, scenarios })
  }
  return exitCodes.expected
}

/**
 * Loads one of the project's own runtimes. Other adapters must not run in the process of a command, so they are refused.
 * Throws a `UsageError` for any other name.
 */
async function chooseRuntime(name: string): Promise<Runtime> {
  const [subject] = chooseByName('--runtime', listDefaultSubjects(), [name])
  const runtime = subject === undefined ? `${name}: not found` : await loadRuntime(subject)
  if (typeof runtime === 'string') throw new UsageError(`--runtime: ${runtime}`)
  return runtime
}

async function chooseGenerated(asked: readonly string[]): Promise<{ name: string; scenario: Generated }[]> {
  const all: { name: string; scenario: Generated }[] = []
  for (const name of listScenarioNames()) {
    const scenario = await loadScenario(name)
    if ('plans' in scenario) all.push({ name, scenario })
  }
  return chooseByName('--scenario', all, asked)
}
