import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { printable } from '../../mocks/printable.ts'
import { type ReadRecordings, readRecordings } from '../../mocks/recordings/formats/read.ts'
import { type TransportName, transportNames } from '../../mocks/transports.ts'
import { jsonReport } from '../../reports/json.ts'
import { type RunReport, verdictsOf } from '../../reports/run-report.ts'
import { terminalReport } from '../../reports/terminal.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { leadThrough } from '../lead-through.ts'

interface RunOptions {
  runtime: string[]
  recordings: string[]
  transport: TransportName
  bound: string
  json?: string
}

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url))

export function runCommand(program: Command): void {
  const several = (value: string, before: string[]) => [...before, value]
  program
    .command('run', { isDefault: true })
    .description(
      'Replay recorded conversations through runtimes and judge what they do (the default command).',
    )
    .option('--runtime <name>', 'only this runtime; may be given several times', several, [])
    .option(
      '--recordings <path>',
      'recordings to replay, a file or a folder; may be given several times',
      several,
      [],
    )
    .addOption(
      new Option('--transport <name>', 'how requests reach the recordings')
        .choices(transportNames)
        .default('intercept'),
    )
    .option('--bound <seconds>', 'how long one run may take before it counts as hung', '10')
    .option('--json <file>', 'write the verdicts as JSON; - for stdout')
    .action(async (options: RunOptions) => {
      process.exitCode = await run(options)
    })
}

async function run(options: RunOptions): Promise<number> {
  const bound = Number(options.bound) * 1000
  if (!(bound > 0)) throw new UsageError(`--bound: found "${options.bound}", expected seconds above 0`)
  const names = await chosenRuntimes(options.runtime)
  const { recordings, errors } = await chosenRecordings(options.recordings)
  const quiet = options.json === '-'
  for (const error of errors) console.error(pc.yellow(`left out: ${printable(error.message)}`))
  const paths = [...new Set(recordings.map(({ path }) => path))]
  let broken = false
  const report: RunReport = { transport: options.transport, runtimes: [], results: [], faults: [] }
  for (const runtime of names) {
    const progress = progressLine(runtime, recordings.length, quiet)
    const job = { runtime, paths, transport: options.transport, bound }
    const { shown, results, faults, crashed } = await leadThrough(job, recordings, progress.count)
    progress.clear()
    report.runtimes.push(shown)
    report.results.push(...results)
    report.faults.push(...faults)
    broken ||= crashed
  }
  if (!quiet) process.stdout.write(terminalReport(report))
  if (options.json !== undefined) await writeJson(options.json, jsonReport(report))
  return broken ? exitCodes.harness : exitCodeOf(report, errors.length > 0)
}

/** A line on a terminal's stderr that counts the recordings; nothing where no person watches. */
function progressLine(name: string, total: number, quiet: boolean) {
  const write = (text: string) => {
    if (!quiet && process.stderr.isTTY) process.stderr.write(text)
  }
  return {
    count: (done: number) => write(`\r${name}: ${done} of ${total} recordings`),
    clear: () => write('\r\u001b[K'),
  }
}

function exitCodeOf(report: RunReport, broken: boolean): number {
  const verdicts = verdictsOf(report)
  if (verdicts.some(({ verdict }) => verdict === 'harness-error' || verdict === 'missing'))
    return exitCodes.harness
  if (verdicts.some(({ verdict, level }) => verdict === 'violated' && level === 'must'))
    return exitCodes.violated
  return broken ? exitCodes.usage : exitCodes.expected
}

/** The runtimes asked for, or all whose folder holds an adapter. */
async function chosenRuntimes(asked: readonly string[]): Promise<string[]> {
  const folders = await readdir(root('runtimes'), { withFileTypes: true })
  const known = folders
    .filter((folder) => folder.isDirectory() && existsSync(root(`runtimes/${folder.name}/adapter.ts`)))
    .map(({ name }) => name)
    .sort()
  for (const name of asked)
    if (!known.includes(name))
      throw new UsageError(`--runtime: found "${printable(name)}", expected one of ${known.join(', ')}`)
  return asked.length > 0 ? [...new Set(asked)] : known
}

/** The project's own recordings, and those of ../shared where that folder stands beside the checkout; or what was asked for. */
async function chosenRecordings(asked: readonly string[]) {
  const beside = root('../shared/recordings/conversations')
  const defaults = [root('mocks/recordings/own'), ...(existsSync(beside) ? [beside] : [])]
  const chosen: Pick<ReadRecordings, 'recordings' | 'errors'> = { recordings: [], errors: [] }
  for (const path of asked.length > 0 ? asked : defaults) {
    if (!existsSync(path)) throw new UsageError(`--recordings: there is no ${printable(path)}`)
    const read = await readRecordings(path)
    chosen.recordings.push(...read.recordings)
    chosen.errors.push(...read.errors)
  }
  if (chosen.recordings.length === 0) throw new UsageError('--recordings: no recording was found')
  return chosen
}
