import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import pc from 'picocolors'
import { computeScore, type JudgedMutant, judgeMutant, type Score } from '../../bench/mutants/score.ts'
import { findStale, readSurvivors, type Survivor } from '../../bench/mutants/survivors.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { chooseByName } from '../choose-by-name.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { chooseSeed, parseWholeNumber } from '../number-options.ts'
import { repeatedOption } from '../repeated-option.ts'
import { listScenarioNames } from '../scenarios/chosen.ts'

interface MutateOptions {
  runtime: string[]
  sample: string
  plans: string
  seed?: string
  json?: string
}

/** The runtimes whose source is ours. */
const RUNTIMES = ['openai-loop', 'reference'].map((name) => ({
  name,
  folder: fileURLToPath(new URL(`../../runtimes/${name}`, import.meta.url)),
}))

export function addMutateCommand(program: Command): void {
  program
    .command('mutate')
    .description('Measure how many bugs the harness finds that a tool puts into our runtimes.')
    .addOption(repeatedOption('--runtime <name>', 'mutate this runtime (default: openai-loop and reference)'))
    .option('--sample <number>', 'number of mutants to draw and try', '100')
    .option('--plans <number>', 'number of plans within which a mutant must be found', '500')
    .option('--seed <number>', 'fixes the sample and all plans (default: random; the result prints the seed)')
    .option('--json <file>', 'write the results as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
A mutant is one change that the tool Stryker makes to the source of a runtime. A mutant is killed if a generated plan breaks a
must, or if the runtime is refused. mutants.yaml in the folder of the runtime lists mutants that survive, with the reason.
docs/mutants.md explains the score.

Exit codes:
  0  mutants.yaml lists every mutant that survived, and none that was killed
  1  a mutant survived that mutants.yaml does not list, or an entry of mutants.yaml is out of date
  2  wrong usage
  3  fault of the harness

Examples:
  $ conform mutate --sample 40 --seed 1
  $ conform mutate --runtime openai-loop --sample 1000`,
    )
    .action(async (options: MutateOptions) => {
      process.exitCode = await mutate(options)
    })
}

async function mutate(options: MutateOptions): Promise<number> {
  const seed = chooseSeed(options)
  const sample = parseWholeNumber('--sample', options.sample, 1, 100_000)
  const plans = parseWholeNumber('--plans', options.plans, 1, 100_000)
  const asked = chooseByName('--runtime', RUNTIMES, options.runtime)
  const entries = new Map(asked.map(({ name, folder }) => [name, readSurvivors(folder)]))
  // Imported here, because the instrumenter is a development dependency and takes time to load.
  const { mutateRuntime } = await import('../../bench/mutants/make-mutants.ts')
  const { measureMutants } = await import('../../bench/mutants/measure-mutants.ts')
  const runtimes = await Promise.all(asked.map(({ folder }) => mutateRuntime(folder)))
  const stale = runtimes.flatMap(({ name, folder, mutants }) =>
    findStale(entries.get(name) ?? [], mutants).map((entry) => formatStale(folder, entry)),
  )
  const isQuiet = options.json === '-'
  const judged: JudgedMutant[] = []
  await measureMutants({
    ...{ runtimes, scenarios: listScenarioNames(), seed, sample, plans },
    heard(measured, done, all) {
      const one = judgeMutant(measured, entries.get(measured.mutant.runtime) ?? [])
      judged.push(one)
      showProgress(isQuiet, `${done} of ${all} mutants tried`)
      if (!isQuiet && one.status !== 'killed') showLine(formatSurvivor(one))
    },
  })
  showProgress(isQuiet, '')
  const score = computeScore(judged)
  if (!isQuiet) process.stdout.write(formatResult(judged, score, stale, { seed, plans }))
  if (options.json !== undefined)
    await writeJson(options.json, { schema: 1, seed, plans, score, mutants: sortByPlace(judged), stale })
  const isSound = stale.length === 0 && judged.every(({ problem }) => problem === undefined)
  return isSound ? exitCodes.expected : exitCodes.violated
}

/** Replaces the last line of a terminal. */
function showProgress(isQuiet: boolean, text: string): void {
  if (!isQuiet && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${text}`)
}

function showLine(text: string): void {
  showProgress(false, '')
  process.stdout.write(`${text}\n`)
}

function formatSurvivor(one: JudgedMutant): string {
  const { file, line, original, mutated, status, plans, reached, shoulds = [], why } = one
  const mark = status === 'survived' ? pc.red('✗') : pc.dim('·')
  const change = `${toPrintable(original, 100)} → ${toPrintable(mutated, 100)}`
  const broken = shoulds.length === 0 ? '' : `; breaks the should ${shoulds.join(', ')}`
  const tried = pc.dim(`(${reached} of ${countWithNoun(plans, 'plan')} reach it${broken})`)
  const reason = why === undefined ? '' : `: ${toPrintable(why, 200)}`
  return `${mark} ${status}  ${file}:${line}  ${change}  ${tried}${reason}`
}

function formatStale(folder: string, { file, text, original, mutated }: Survivor): string {
  const found = `${toPrintable(original, 100)} → ${toPrintable(mutated, 100)} in "${toPrintable(text, 100)}"`
  return `${join(folder, 'mutants.yaml')}: ${file}: found no mutant ${found}, expected one; remove the entry`
}

function formatResult(
  judged: readonly JudgedMutant[],
  { killed, killedByMust, survived, tolerated, equivalent, score }: Score,
  stale: readonly string[],
  { seed, plans }: { seed: number; plans: number },
): string {
  const problems = judged.flatMap(({ file, line, problem }) =>
    problem === undefined ? [] : [`${file}:${line}: ${problem}`],
  )
  const wrong = [...problems, ...stale].map((text) => `${pc.red('✗')} ${text}`)
  const counts = `${killed} killed (${killedByMust} by a must, ${killed - killedByMust} refused), ${survived} survived, ${tolerated} tolerated, ${equivalent} equivalent`
  const percent = `${(score * 100).toFixed(1)} %`
  const drawn = pc.dim(`(seed ${seed}, at most ${countWithNoun(plans, 'plan')} per mutant)`)
  return `${['', ...wrong, `${countWithNoun(judged.length, 'mutant')}: ${counts}.`, `${percent} of the mutants that are not equivalent were killed. ${drawn}`].join('\n')}\n`
}

function sortByPlace(judged: readonly JudgedMutant[]): JudgedMutant[] {
  return judged.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
}
