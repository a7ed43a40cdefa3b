import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import pc from 'picocolors'
import type { Growth } from '../../bench/growth.ts'
import type { PlanBench } from '../../bench/plans.ts'
import type { RemoteBench } from '../../bench/remote.ts'
import type { StreamGroup } from '../../bench/stream-bench.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { parseWholeNumber } from '../number-options.ts'
import { chooseSubjects } from '../scenarios/chosen.ts'

interface BenchOptions {
  rounds: string
  jobs: string
  plans: string
  verdicts?: string
  json?: string
}

/** Maximum number of rounds, and of jobs in a round. */
const MOST = 100_000

const PLANS_A_ROUND = 100

const STREAM = fileURLToPath(new URL('../../mocks/recordings/own/text.json', import.meta.url))

export function addBenchCommand(program: Command): void {
  program
    .command('bench')
    .description('Measure the speed of the simulated service, the grammar checks and the exploration.')
    .option('--rounds <number>', 'number of measured rounds; every contestant runs once per round', '15')
    .option('--jobs <number>', 'number of streams per contestant and round', '200')
    .option(
      '--plans <numbers>',
      'numbers of plans to explore, to show how time and memory grow',
      '1000,10000',
    )
    .option(
      '--verdicts <processes>',
      'only compare verdicts: run one seed twenty times in each of this many processes',
    )
    .option('--json <file>', 'write the figures as JSON to this file; - for stdout')
    .action(async (options: BenchOptions) => {
      if (options.verdicts !== undefined) {
        process.exitCode = await compareVerdictsOfRepeatedRuns(
          parseWholeNumber('--verdicts', options.verdicts, 1, MOST),
        )
        return
      }
      const rounds = parseWholeNumber('--rounds', options.rounds, 1, MOST)
      const jobs = parseWholeNumber('--jobs', options.jobs, 1, MOST)
      const counts = options.plans.split(',').map((count) => parseWholeNumber('--plans', count, 1, MOST))
      // Imported here, because the compared packages are development dependencies and take time to load.
      const { benchStreams } = await import('../../bench/stream-bench.ts')
      const { benchGrammar } = await import('../../bench/grammar.ts')
      const { benchPlans } = await import('../../bench/plans.ts')
      const { benchGrowth } = await import('../../bench/growth.ts')
      const { runtime } = await import('../../runtimes/reference/adapter.ts')
      const { stream, groups } = await benchStreams(STREAM, { rounds, jobs })
      const grammar = await benchGrammar()
      const plans = await benchPlans(runtime, { rounds, plans: PLANS_A_ROUND })
      const remote = await measureRemote()
      const growth = await benchGrowth(counts)
      const [cpu] = cpus()
      const machine = `${cpus().length} cores, ${cpu?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`
      if (options.json !== undefined)
        await writeJson(options.json, {
          schema: 1,
          machine,
          stream,
          rounds,
          jobs,
          streams: groups,
          grammar,
          plans,
          remote,
          growth,
        })
      if (options.json !== '-') {
        console.log(
          `${machine}\n${stream.events} events per stream, ${jobs} streams per round, median of ${rounds} rounds`,
        )
        for (const group of groups) console.log(`\n${formatStreams(group)}`)
        console.log(
          `\n${pc.bold('Grammar checks')}: ${formatNumber(grammar.eventsPerSecond)} parsed events per second`,
        )
        console.log(`\n${formatPlans(plans)}`)
        console.log(`\n${formatRemote(remote)}`)
        console.log(`\n${formatGrowth(growth)}`)
      }
      process.exitCode = exitCodes.expected
    })
}

/** Measures the OpenAI Agents SDK for Python in its own process, and the one for TypeScript in this process. */
async function measureRemote(): Promise<RemoteBench | string> {
  const { benchRemote } = await import('../../bench/remote.ts')
  // The SDK silently switches its tracing off under any other value.
  process.env['NODE_ENV'] = 'production'
  const { runtime } = await import('../../runtimes/openai-agents/adapter.ts')
  const [subject] = chooseSubjects(['openai-agents-python']).subjects
  if (subject === undefined) throw new Error('found no runtime openai-agents-python, expected one')
  return benchRemote(subject, runtime, REMOTE)
}

const REMOTE = { rounds: 5, plans: 30 }

const TIMES = 20

async function compareVerdictsOfRepeatedRuns(processes: number): Promise<number> {
  const { compareVerdicts } = await import('../../bench/verdicts.ts')
  const { lists } = await compareVerdicts(processes, TIMES)
  for (const [list, count] of Object.entries(lists))
    console.log(`${count} runs gave the list of verdicts with SHA-256 ${list}`)
  return Object.keys(lists).length === 1 ? exitCodes.expected : exitCodes.harness
}

/** Returns a table of streams per second. The first row does the least work, and the others are compared with it. */
function formatStreams({ transport, atOnce, measured }: StreamGroup): string {
  const [floor] = measured
  const rows = measured.map(({ name, perSecond }) => {
    const times =
      floor === undefined ? '' : `${(floor.perSecond / perSecond).toFixed(2)} times as long as the first row`
    return `  ${name.padEnd(40)}${formatNumber(perSecond).padStart(8)}  ${pc.dim(times)}`
  })
  return [
    pc.bold(`Streams per second over ${transport}, ${atOnce === 1 ? 'one' : 'eight'} at a time`),
    ...rows,
  ].join('\n')
}

function formatPlans({ floor, served, explored, ratio }: PlanBench): string {
  const row = (what: string, rate: number, part?: number) =>
    `  ${what.padEnd(62)}${formatNumber(rate).padStart(6)}${part === undefined ? '' : pc.dim(`  ${part.toFixed(2)} of the first row`)}`
  return [
    pc.bold('Plan executions per second'),
    row('runtime only, with prepared responses', floor),
    row('runtime and simulated service', served, served / floor),
    row('full exploration: generate, run, observe and check', explored, ratio),
  ].join('\n')
}

function formatRemote(measured: RemoteBench | string): string {
  const head = pc.bold('Runs of two requests per second, over http')
  if (typeof measured === 'string') return `${head}\n  not measured: ${measured}`
  const { runtime, remote, here } = measured
  const row = (what: string, rate: number, beside: number) =>
    `  ${what.padEnd(62)}${formatNumber(rate).padStart(6)}${pc.dim(`  ${(rate / beside).toFixed(2)} of the rate of @openai/agents in this process`)}`
  return [
    head,
    row(`${runtime} in its own process, streamed`, remote.streamed, here.streamed),
    row(`${runtime} in its own process, not streamed`, remote.whole, here.whole),
  ].join('\n')
}

/** Returns time and memory for each number of plans, compared with the number before. */
function formatGrowth(growth: readonly Growth[]): string {
  const rows = growth.map(({ plans, milliseconds, peak, heap }, at) => {
    const before = growth[at - 1]
    const times =
      before === undefined
        ? ''
        : `${(plans / before.plans).toFixed(0)} times the plans take ${(milliseconds / before.milliseconds).toFixed(1)} times the time and ${(peak / before.peak).toFixed(2)} times the memory`
    const took = `${(milliseconds / 1000).toFixed(1)} s`.padStart(9)
    return `  ${formatNumber(plans).padStart(8)} plans${took}${formatMegabytes(peak).padStart(8)} at most${formatMegabytes(heap).padStart(8)} at the end  ${pc.dim(times)}`
  })
  return [pc.bold('Exploration of plans with one turn, each number in its own process'), ...rows].join('\n')
}

function formatMegabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function formatNumber(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}
