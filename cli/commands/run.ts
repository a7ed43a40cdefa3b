import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { type Command, Option } from 'commander'
import pc from 'picocolors'
import { invariants } from '../../harness/invariants/index.ts'
import { judge } from '../../harness/verdict.ts'
import { printable } from '../../mocks/printable.ts'
import { readRecordings } from '../../mocks/recordings/formats/read.ts'
import { type TransportName, transportNames } from '../../mocks/transports.ts'
import { jsonReport } from '../../reports/json.ts'
import { type RunReport, verdictsOf } from '../../reports/run-report.ts'
import { terminalReport } from '../../reports/terminal.ts'
import type { RecordingVerdicts } from '../../scenarios/recordings.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { startWorker } from '../start-worker.ts'

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
  const report: RunReport = { transport: options.transport, runtimes: [], results: [], faults: [] }
  for (const name of names) {
    let done = 0
    const progress = () => {
      if (quiet || !process.stderr.isTTY) return
      process.stderr.write(`\r${name}: ${done} of ${recordings.length} recordings`)
    }
    const found: RecordingVerdicts[] = []
    const shown = { name, version: '' }
    const end = await startWorker({ runtime: name, paths, transport: options.transport, bound }, (heard) => {
      if (heard.kind === 'runtime') Object.assign(shown, { name: heard.name, version: heard.version })
      if (heard.kind !== 'verdicts') return
      found.push({ recording: heard.recording, verdicts: heard.verdicts, leftOut: heard.leftOut })
      done++
      progress()
    })
    if (!quiet && process.stderr.isTTY) process.stderr.write('\r\u001b[K')
    report.runtimes.push(shown)
    if (end.fault) report.faults.push(`${name}: ${end.fault}${end.during ? ` during ${end.during}` : ''}`)
    if (end.noise) report.faults.push(`${name} wrote on its own: ${firstLine(end.noise)}`)
    const missing = recordings.filter(({ file }) => !found.some(({ recording }) => recording === file.id))
    for (const { file } of missing) {
      const reason = end.fault ?? 'its worker ended before it'
      const subject = { ...shown, supports: new Set<never>() }
      const verdicts = invariants.map((invariant) =>
        judge(subject, `recordings/${file.id}`, invariant, {
          verdict: file.id === end.during ? 'harness-error' : 'missing',
          reason,
        }),
      )
      found.push({ recording: file.id, verdicts, leftOut: [] })
    }
    report.results.push(...found)
  }
  if (!quiet) process.stdout.write(terminalReport(report))
  if (options.json !== undefined) await writeJson(options.json, jsonReport(report))
  return exitCodeOf(report, errors.length > 0)
}

function exitCodeOf(report: RunReport, broken: boolean): number {
  const verdicts = verdictsOf(report)
  if (verdicts.some(({ verdict }) => verdict === 'harness-error' || verdict === 'missing'))
    return exitCodes.harness
  if (verdicts.some(({ verdict, level }) => verdict === 'violated' && level === 'must'))
    return exitCodes.violated
  return broken ? exitCodes.usage : exitCodes.expected
}

/** The runtimes asked for, or all whose folder has its packages installed. */
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
  const chosen = { recordings: [], errors: [] } as Pick<
    Awaited<ReturnType<typeof readRecordings>>,
    'recordings' | 'errors'
  >
  for (const path of asked.length > 0 ? asked : defaults) {
    if (!existsSync(path)) throw new UsageError(`--recordings: there is no ${printable(path)}`)
    const read = await readRecordings(path)
    chosen.recordings.push(...read.recordings)
    chosen.errors.push(...read.errors)
  }
  if (chosen.recordings.length === 0) throw new UsageError('--recordings: no recording was found')
  return chosen
}

function firstLine(text: string): string {
  return printable(text.trim().split('\n')[0] ?? '')
}
