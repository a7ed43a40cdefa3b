import type { Command } from 'commander'
import pc from 'picocolors'
import type { Size } from '../../harness/known/defect.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { chooseByName } from '../choose-by-name.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { chooseSeed, parseWholeNumber } from '../number-options.ts'
import { repeatedOption } from '../repeated-option.ts'
import { chooseSubjects } from '../scenarios/chosen.ts'
import { buildResult, chooseVerdict, type DefectResult, readDefects } from '../scenarios/defects.ts'
import { createProgressLine } from '../scenarios/progress-line.ts'
import { runScenarios } from '../scenarios/run-scenarios.ts'

interface DefectsOptions {
  runtime: string
  defect: string[]
  runs: string
  seed?: string
  json?: string
}

export function addDefectsCommand(program: Command): void {
  program
    .command('defects')
    .description('Check that the harness finds each defect that is put into a runtime on purpose.')
    .option(
      '--runtime <name>',
      'a runtime with a folder of defects: NAME, or the path of a folder',
      'reference',
    )
    .addOption(repeatedOption('--defect <name>', 'look for this defect'))
    .option('--runs <number>', 'number of plans within which each defect must be found', '300')
    .option('--seed <number>', 'fixes all generated plans (default: random; the result prints the seed)')
    .option('--json <file>', 'write the results as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
The file of a defect names a scenario, an invariant, a cause, and the size of a plan. The defect is found if a generated
plan of that scenario violates that invariant with that cause, and if the shrunk plan is not larger than that size.
runtimes/reference/README.md describes the defects.

Exit codes:
  0  each defect was found
  1  a defect was not found, or only with a plan that is too large
  2  wrong usage
  3  fault of the harness

Examples:
  $ conform defects --defect history-cut
  $ conform --runtime reference+history-cut     run all scenarios on the runtime with this defect`,
    )
    .action(async (options: DefectsOptions) => {
      process.exitCode = await findDefects(options)
    })
}

async function findDefects(options: DefectsOptions): Promise<number> {
  const seed = chooseSeed(options)
  const runs = parseWholeNumber('--runs', options.runs, 1, 1_000_000)
  const [subject] = chooseSubjects([options.runtime]).subjects as [Subject]
  const asked = chooseByName('--defect', await readDefects(subject.folder), options.defect)
  const progress = createProgressLine(options.json === '-')
  const { results, faults } = await runScenarios({
    subjects: [subject],
    scenarios: [...new Set(asked.map(({ scenario }) => scenario))],
    settings: {
      seed,
      runs,
      defects: asked.map(({ name, scenario, breaks, cause, smallest }) => ({
        name,
        scenario,
        breaks,
        cause,
        smallest,
      })),
    },
    progress: progress.show,
  })
  progress.clear()
  const found = asked.map((defect) => {
    const own = results.find(({ scenario }) => scenario === `${defect.scenario}/${defect.name}`)
    return buildResult(defect, chooseVerdict(own?.verdicts ?? [], defect.breaks))
  })
  if (options.json !== '-') process.stdout.write(formatResults(found, faults, seed, runs))
  const { name } = subject
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, runtime: name, seed, runs, defects: found, faults })
  if (faults.length > 0) return exitCodes.harness
  return found.every(({ result }) => result === 'found') ? exitCodes.expected : exitCodes.violated
}

function formatResults(
  results: readonly DefectResult[],
  faults: readonly string[],
  seed: number,
  runs: number,
): string {
  const width = Math.max(...results.map(({ name }) => name.length))
  const wide = Math.max(...results.map(({ scenario }) => scenario.length))
  const lines = results.map((one) => {
    const mark = one.result === 'found' ? pc.green('✓') : pc.red('✗')
    return `${mark} ${one.name.padEnd(width)}  ${one.scenario.padEnd(wide)}  ${formatResult(one)}`
  })
  const missed = results.filter(({ result }) => result !== 'found').length
  const drawn = pc.dim(`(seed ${seed}, at most ${countWithNoun(runs, 'plan')} per defect)`)
  const last =
    missed === 0
      ? pc.green(results.length === 1 ? 'The defect was found.' : `All ${results.length} defects were found.`)
      : pc.red(
          `${missed} of ${countWithNoun(results.length, 'defect')} ${missed === 1 ? 'was' : 'were'} not found as expected.`,
        )
  const broken = faults.map((fault) => `${pc.red('Fault of the harness:')} ${toPrintable(fault, 1000)}`)
  return `${[...lines, ...broken, '', `${last} ${drawn}`].join('\n')}\n`
}

function formatResult({ result, plans, size, smallest, breaks, cause, reason }: DefectResult): string {
  if (size === null) {
    const why = reason === 'holds' ? '' : ` (${toPrintable(reason ?? '', 300)})`
    return pc.red(
      `not found: no violation of ${breaks} with the cause "${cause}" in ${countWithNoun(plans, 'plan')}${why}`,
    )
  }
  const found = `found in plan ${plans}, shrunk to ${formatSize(size)}`
  return result === 'found' ? found : `${found}${pc.red(`; expected at most ${formatSize(smallest)}`)}`
}

function formatSize({ conversations, answers }: Size): string {
  return `${countWithNoun(conversations, 'conversation')}, ${countWithNoun(answers, 'answer')}`
}
