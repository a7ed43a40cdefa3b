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
import { wholeNumber } from '../number-options.ts'
import { chosenSubjects } from '../scenarios/chosen.ts'

interface BenchOptions {
  rounds: string
  jobs: string
  plans: string
  verdicts?: string
  json?: string
}

/** The most rounds, and the most jobs in one. */
const MOST = 100_000

const PLANS_A_ROUND = 100

const STREAM = fileURLToPath(new URL('../../mocks/recordings/own/text.json', import.meta.url))

export function benchCommand(program: Command): void {
  program
    .command('bench')
    .description(
      'Measure streams a second beside other mocks, the grammar, and exploring beside its floor; ratios within one run.',
    )
    .option('--rounds <number>', 'rounds in which every contestant has its turn', '15')
    .option('--jobs <number>', 'streams of each contestant in a round', '200')
    .option(
      '--plans <numbers>',
      'explore so many plans of one turn, each number in a process of its own: how time and memory grow',
      '1000,10000',
    )
    .option(
      '--verdicts <processes>',
      'nothing but this: whether one seed gives one list of verdicts, in so many processes and twenty times in each',
    )
    .option('--json <file>', 'write the figures as JSON; - for stdout')
    .action(async (options: BenchOptions) => {
      if (options.verdicts !== undefined) {
        process.exitCode = await compareVerdicts(wholeNumber('--verdicts', options.verdicts, 1, MOST))
        return
      }
      const rounds = wholeNumber('--rounds', options.rounds, 1, MOST)
      const jobs = wholeNumber('--jobs', options.jobs, 1, MOST)
      const counts = options.plans.split(',').map((count) => wholeNumber('--plans', count, 1, MOST))
      // Only here: what is measured beside us is installed for development alone, and takes time to load.
      const { benchStreams } = await import('../../bench/stream-bench.ts')
      const { benchGrammar } = await import('../../bench/grammar.ts')
      const { benchPlans } = await import('../../bench/plans.ts')
      const { benchGrowth } = await import('../../bench/growth.ts')
      const { runtime } = await import('../../runtimes/reference/adapter.ts')
      const { stream, groups } = await benchStreams(STREAM, { rounds, jobs })
      const grammar = await benchGrammar()
      const plans = await benchPlans(runtime, { rounds, plans: PLANS_A_ROUND })
      const remote = await remoteBench()
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
          `${machine}\n${stream.events} events a stream, ${jobs} streams a round, the median of ${rounds} rounds`,
        )
        for (const group of groups) console.log(`\n${shown(group)}`)
        console.log(`\n${pc.bold('grammar')}: ${thousands(grammar.eventsPerSecond)} parsed events a second`)
        console.log(`\n${shownPlans(plans)}`)
        console.log(`\n${shownRemote(remote)}`)
        console.log(`\n${shownGrowth(growth)}`)
      }
      process.exitCode = exitCodes.expected
    })
}

/** The Agents SDK in Python, in a process of its own, beside the one in TypeScript, in this. */
async function remoteBench(): Promise<RemoteBench | string> {
  const { benchRemote } = await import('../../bench/remote.ts')
  // Under any other value the SDK switches its tracing off without a word.
  process.env['NODE_ENV'] = 'production'
  const { runtime } = await import('../../runtimes/openai-agents/adapter.ts')
  const [subject] = chosenSubjects(['openai-agents-python']).subjects
  if (subject === undefined) throw new Error('found no runtime openai-agents-python, expected one')
  return benchRemote(subject, runtime, REMOTE)
}

const REMOTE = { rounds: 5, plans: 30 }

const TIMES = 20

async function compareVerdicts(processes: number): Promise<number> {
  const { sameVerdicts } = await import('../../bench/verdicts.ts')
  const { lists } = await sameVerdicts(processes, TIMES)
  for (const [list, count] of Object.entries(lists)) console.log(`${count} times ${list}`)
  return Object.keys(lists).length === 1 ? exitCodes.expected : exitCodes.harness
}

/** A group as a table: streams a second, and the time against the first, which does the least. */
function shown({ transport, atOnce, measured }: StreamGroup): string {
  const [floor] = measured
  const rows = measured.map(({ name, perSecond }) => {
    const times = floor === undefined ? '' : `${(floor.perSecond / perSecond).toFixed(2)} times the time`
    return `  ${name.padEnd(40)}${thousands(perSecond).padStart(8)}  ${pc.dim(times)}`
  })
  return [
    pc.bold(`${transport}, ${atOnce === 1 ? 'one' : 'eight'} at once (streams a second)`),
    ...rows,
  ].join('\n')
}

function shownPlans({ floor, served, explored, ratio }: PlanBench): string {
  const row = (what: string, rate: number, part?: number) =>
    `  ${what.padEnd(56)}${thousands(rate).padStart(6)}${part === undefined ? '' : pc.dim(`  ${part.toFixed(2)} of that`)}`
  return [
    pc.bold('plans (executions a second)'),
    row('the runtime alone, its answers composed beforehand', floor),
    row('the runtime and the service, and nothing else', served, served / floor),
    row('explored: drawn, run, watched, checked, compared', explored, ratio),
  ].join('\n')
}

function shownRemote(measured: RemoteBench | string): string {
  const head = pc.bold('runs of two requests over http (a second)')
  if (typeof measured === 'string') return `${head}\n  not measured: ${measured}`
  const { runtime, remote, here } = measured
  const row = (what: string, rate: number, beside: number) =>
    `  ${what.padEnd(56)}${thousands(rate).padStart(6)}${pc.dim(`  ${(rate / beside).toFixed(2)} of @openai/agents in this process`)}`
  return [
    head,
    row(`${runtime} in its own process, streamed`, remote.streamed, here.streamed),
    row(`${runtime} in its own process, not streamed`, remote.whole, here.whole),
  ].join('\n')
}

/** Each number of plans beside the one before it. */
function shownGrowth(growth: readonly Growth[]): string {
  const rows = growth.map(({ plans, milliseconds, peak, heap }, at) => {
    const before = growth[at - 1]
    const times =
      before === undefined
        ? ''
        : `${(plans / before.plans).toFixed(0)} times the plans: ${(milliseconds / before.milliseconds).toFixed(1)} times the time, ${(peak / before.peak).toFixed(2)} times the memory`
    const took = `${(milliseconds / 1000).toFixed(1)} s`.padStart(9)
    return `  ${thousands(plans).padStart(8)} plans${took}${megabytes(peak).padStart(8)} at most${megabytes(heap).padStart(8)} at the end  ${pc.dim(times)}`
  })
  return [pc.bold('plans of one turn, explored in a process of their own'), ...rows].join('\n')
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}
