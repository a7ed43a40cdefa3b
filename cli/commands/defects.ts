import type { Command } from 'commander'
import pc from 'picocolors'
import type { Defect, Size } from '../../harness/known/defect.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import { counted } from '../../reports/counted.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { seedOf, wholeNumber } from '../number-options.ts'
import { several } from '../repeated-option.ts'
import { chosenSubjects } from '../scenarios/chosen.ts'
import { type DefectResult, defectsIn, resultOf } from '../scenarios/defects.ts'
import { progressLine } from '../scenarios/progress-line.ts'
import { runScenarios } from '../scenarios/run-scenarios.ts'

interface DefectsOptions {
  runtime: string
  defect: string[]
  runs: string
  seed?: string
  json?: string
}

export function defectsCommand(program: Command): void {
  program
    .command('defects')
    .description('Prove that the harness sees: put each defect into the runtime and look for it.')
    .option('--runtime <name>', 'a runtime that has defects: NAME, or a folder', 'reference')
    .option('--defect <name>', 'only this one; may be repeated', several, [])
    .option('--runs <number>', 'plans in which each must be found', '300')
    .option('--seed <number>', 'fixes every plan that is drawn; printed with every result')
    .option('--json <file>', 'write what was found as JSON; - for stdout')
    .addHelpText(
      'after',
      `
Each defect is looked for by the scenario that claims it, by the one promise that it breaks; see runtimes/reference/README.md.
Exit codes: 0 where each is found, 1 where one is not, or only by a larger plan than its file says, 3 a fault of the harness.

Examples:
  $ conform defects --defect history-cut
  $ conform --runtime reference+history-cut     all scenarios and promises on the runtime with that defect`,
    )
    .action(async (options: DefectsOptions) => {
      process.exitCode = await defects(options)
    })
}

async function defects(options: DefectsOptions): Promise<number> {
  const seed = seedOf(options)
  const runs = wholeNumber('--runs', options.runs, 1, 1_000_000)
  const [subject] = chosenSubjects([options.runtime]).subjects as [Subject]
  const asked = chosenDefects(await defectsIn(subject.folder), options.defect)
  const progress = progressLine(options.json === '-')
  const { results, faults } = await runScenarios({
    subjects: [subject],
    scenarios: [...new Set(asked.map(({ scenario }) => scenario))],
    settings: {
      seed,
      runs,
      defects: asked.map(({ name, scenario, breaks }) => ({ name, scenario, breaks })),
    },
    progress: progress.show,
  })
  progress.clear()
  const found = asked.map((defect) => {
    const own = results.find(({ scenario }) => scenario === `${defect.scenario}/${defect.name}`)
    return resultOf(
      defect,
      own?.verdicts.find(({ invariant }) => invariant === defect.breaks),
    )
  })
  if (options.json !== '-') process.stdout.write(shown(found, faults, seed, runs))
  const { name } = subject
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, runtime: name, seed, runs, defects: found, faults })
  if (faults.length > 0) return exitCodes.harness
  return found.every(({ result }) => result === 'found') ? exitCodes.expected : exitCodes.violated
}

function chosenDefects(known: readonly Defect[], asked: readonly string[]): Defect[] {
  const names = known.map(({ name }) => name)
  for (const one of asked)
    if (!names.includes(one))
      throw new UsageError(`--defect: found "${printable(one)}", expected one of ${names.join(', ')}`)
  return known.filter(({ name }) => asked.length === 0 || asked.includes(name))
}

function shown(
  results: readonly DefectResult[],
  faults: readonly string[],
  seed: number,
  runs: number,
): string {
  const width = Math.max(...results.map(({ name }) => name.length))
  const wide = Math.max(...results.map(({ scenario }) => scenario.length))
  const lines = results.map((one) => {
    const mark = one.result === 'found' ? pc.green('✓') : pc.red('✗')
    return `${mark} ${one.name.padEnd(width)}  ${one.scenario.padEnd(wide)}  ${told(one)}`
  })
  const missed = results.filter(({ result }) => result !== 'found').length
  const drawn = pc.dim(`(seed ${seed}, at most ${runs} plans each)`)
  const last =
    missed === 0
      ? pc.green(results.length === 1 ? 'The defect is found.' : `All ${results.length} defects are found.`)
      : pc.red(`${missed} of ${results.length} defects ${missed === 1 ? 'is' : 'are'} not found as expected.`)
  const broken = faults.map((fault) => `${pc.red('A fault of the harness:')} ${printable(fault, 1000)}`)
  return `${[...lines, ...broken, '', `${last} ${drawn}`].join('\n')}\n`
}

function told({ result, plans, size, smallest, breaks, reason }: DefectResult): string {
  if (size === null) {
    const why = reason === 'holds' ? '' : ` (${printable(reason ?? '', 300)})`
    return pc.red(`${breaks} is not broken in ${counted(plans, 'plan')}${why}`)
  }
  const found = `${counted(plans, 'plan').padStart(9)}, ${inWords(size)}`
  return result === 'found' ? found : `${found}${pc.red(`; expected no more than ${inWords(smallest)}`)}`
}

function inWords({ conversations, answers }: Size): string {
  return `${counted(conversations, 'conversation')}, ${counted(answers, 'answer')}`
}
