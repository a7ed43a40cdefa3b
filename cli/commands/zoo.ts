import type { Command } from 'commander'
import pc from 'picocolors'
import { harness } from '../../harness/contract/harness.ts'
import { formatRelease } from '../../harness/environments/beside.ts'
import type { ZooResult } from '../../harness/known/zoo.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { parseWholeNumber } from '../number-options.ts'
import { repeatedOption } from '../repeated-option.ts'
import { type ExploredRow, exploreRow, pairRows } from '../scenarios/explored-rows.ts'
import { createProgressLine } from '../scenarios/progress-line.ts'
import { chooseRows, type RuntimeRow, runRows } from '../scenarios/zoo.ts'

interface ZooOptions {
  runtime: string[]
  row: string[]
  explore?: true
  runs: string
  seed: string
  json?: string
}

export function addZooCommand(program: Command): void {
  program
    .command('zoo')
    .description(
      'Run kept plans on released versions that have a known bug, and on versions without the bug.',
    )
    .addOption(repeatedOption('--runtime <name>', 'run the rows of this runtime'))
    .addOption(repeatedOption('--row <name>', 'run these rows: SEED or SEED@VERSION'))
    .option(
      '--explore',
      'search for the bug of each red row with generated plans, instead of running the kept plan',
    )
    .option('--runs <number>', 'number of plans to generate per row with --explore', '500')
    .option('--seed <number>', 'fixes all generated plans', '1')
    .option('--json <file>', 'write the rows and their results as JSON to this file; - for stdout')
    .addHelpText(
      'after',
      `
The rows are in runtimes/NAME/zoo.yaml. A row names a released version, a plan and an invariant. Under "with", a row of a runtime in
Python also names versions of further packages, as --with does.
A red row passes if its version violates the invariant. A green row passes if its version does not.
The first run of a version installs it into its own environment.

Exit codes:
  0  all rows pass
  1  a row fails
  2  wrong usage
  3  fault of the harness

Examples:
  $ conform zoo
  $ conform zoo --runtime agent-framework --row maf-6866@1.9.0
  $ conform zoo --explore --seed 3`,
    )
    .action(async (options: ZooOptions) => {
      process.exitCode = await runZoo(options)
    })
}

async function runZoo({ runtime, row, json, explore, ...numbers }: ZooOptions): Promise<number> {
  const rows = chooseRows(runtime, row)
  if (rows.length === 0)
    throw new UsageError('zoo: found no row, expected a zoo.yaml in the folder of a runtime')
  if (explore) return exploreRows(rows, json, numbers)
  const progress = createProgressLine(json === '-')
  const { results, faults } = await runRows(rows, progress.show)
  progress.clear()
  const told = rows.map((housed, index) => ({ ...housed, ...(results[index] as ZooResult) }))
  if (json !== '-') process.stdout.write(formatRows(told, faults))
  if (json !== undefined) await writeJson(json, { schema: 1, harness, zoo: told.map(rowToJson), faults })
  if (faults.length > 0 || told.some(({ result }) => result === 'fault')) return exitCodes.harness
  return told.some(({ result }) => result === 'changed') ? exitCodes.violated : exitCodes.expected
}

/** Explores rows one after the other, and prints each result at once. */
async function exploreRows(
  rows: readonly RuntimeRow[],
  json: string | undefined,
  { runs, seed }: Pick<ZooOptions, 'runs' | 'seed'>,
): Promise<number> {
  const drawn = {
    runs: parseWholeNumber('--runs', runs, 1, 10_000_000),
    seed: parseWholeNumber('--seed', seed, 0, 2 ** 32 - 1),
  }
  const explored: ExploredRow[] = []
  for (const pair of pairRows(rows)) {
    const one = await exploreRow(pair, drawn)
    explored.push(one)
    if (json !== '-') console.log(formatExploredRow(one))
  }
  if (json !== undefined)
    await writeJson(json, { schema: 1, harness, explored: explored.map(exploredToJson) })
  if (explored.some(({ verdict }) => verdict.verdict === 'harness-error')) return exitCodes.harness
  return explored.every(({ verdict }) => verdict.verdict === 'violated')
    ? exitCodes.expected
    : exitCodes.violated
}

function exploredToJson({ runtime, row, good, seed, verdict }: ExploredRow) {
  const { plan: _, file: _file, others: _others, note: _note, ...told } = row
  return { runtime, ...told, good, drawn: seed, ...verdict }
}

/** Returns the line about an explored row. Text of files and runtimes is made safe for a terminal. */
export function formatExploredRow({ runtime, row, good, verdict }: ExploredRow): string {
  const { verdict: what, plans, reason, counterexample } = verdict
  const isFound = what === 'violated'
  const cells = [
    runtime,
    `${formatRelease(row.version, row.beside)} compared with ${good}`,
    row.seed,
    row.invariant,
  ].map((cell) => toPrintable(cell))
  const head = `${isFound ? signs['as-said'] : signs.changed} ${cells.join('  ')}`
  if (!isFound || counterexample === undefined)
    return `${head}  not found in ${countWithNoun(plans, 'plan')}: ${what} ${toPrintable(reason ?? '', 600)}`.trimEnd()
  const { conversations } = counterexample.plan
  const answers = conversations.map(({ turns }) => turns.flatMap((turn) => turn.answers).length)
  const size = `${countWithNoun(conversations.length, 'conversation')} of ${answers.join(' and ')} ${answers.at(-1) === 1 ? 'answer' : 'answers'}`
  return `${head}  found in plan ${plans}, shrunk to ${size}`
}

export type RowResult = RuntimeRow & ZooResult

function rowToJson({ runtime, row: { plan: _, file, ...row }, result, violated, reason }: RowResult) {
  return { runtime, ...row, plan: file, result, violated, ...(reason === undefined ? {} : { reason }) }
}

const signs: Record<ZooResult['result'], string> = {
  'as-said': pc.green('✓'),
  changed: pc.red('✗'),
  'not-run': pc.dim('·'),
  fault: pc.magenta('!'),
}

/** Returns the lines about all rows. Text of files and runtimes is made safe for a terminal. */
export function formatRows(rows: readonly RowResult[], faults: readonly string[]): string {
  const cells = rows.map(({ runtime, row }) =>
    [runtime, formatRelease(row.version, row.beside), row.seed, row.colour, row.invariant].map((cell) =>
      toPrintable(cell),
    ),
  )
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)))
  const lines = rows.flatMap(({ row, result, violated, reason }, index) => {
    const [runtime = '', version = '', seed = '', colour = '', invariant = ''] = (cells[index] ?? []).map(
      (cell, column) => cell.padEnd(widths[column] ?? 0),
    )
    const painted = row.colour === 'red' ? pc.red(colour) : pc.green(colour)
    const also = violated.filter((id) => id !== row.invariant)
    const beside = result === 'as-said' && also.length > 0 ? pc.dim(`also violated: ${also.join(', ')}`) : ''
    const head =
      `${signs[result]} ${runtime}  ${version}  ${seed}  ${painted}  ${invariant}  ${beside}`.trimEnd()
    return reason === undefined
      ? [head]
      : [head, `    ${result}: ${toPrintable(reason, 600)}`, pc.dim(`    ${toPrintable(row.link, 500)}`)]
  })
  const broken = faults.map((fault) => `${pc.magenta('!')} ${toPrintable(fault, 1000)}`)
  return `${[...lines, ...broken, '', formatSummary(rows)].join('\n')}\n`
}

function formatSummary(rows: readonly RowResult[]): string {
  const number = (result: ZooResult['result']) => rows.filter((row) => row.result === result).length
  const [changed, fault, idle] = [number('changed'), number('fault'), number('not-run')]
  const left = idle === 0 ? '' : ` ${countWithNoun(idle, 'row')} did not run.`
  if (changed + fault > 0)
    return pc.red(`${changed + fault} of ${countWithNoun(rows.length, 'row')} failed.${left}`)
  return pc.green(
    idle === rows.length
      ? `No row was run.${left}`
      : `${countWithNoun(rows.length - idle, 'row')} passed.${left}`,
  )
}
