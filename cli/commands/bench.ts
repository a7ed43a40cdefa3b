import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import pc from 'picocolors'
import type { StreamGroup } from '../../bench/stream-bench.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeJson } from '../json-file.ts'
import { wholeNumber } from '../number-options.ts'

interface BenchOptions {
  rounds: string
  jobs: string
  json?: string
}

/** The most rounds, and the most jobs in one. */
const MOST = 100_000

const STREAM = fileURLToPath(new URL('../../mocks/recordings/own/text.json', import.meta.url))

export function benchCommand(program: Command): void {
  program
    .command('bench')
    .description('Measure streams a second beside other mocks, and the grammar; ratios within one run.')
    .option('--rounds <number>', 'rounds in which every contestant has its turn', '15')
    .option('--jobs <number>', 'streams of each contestant in a round', '200')
    .option('--json <file>', 'write the figures as JSON; - for stdout')
    .action(async (options: BenchOptions) => {
      const rounds = wholeNumber('--rounds', options.rounds, 1, MOST)
      const jobs = wholeNumber('--jobs', options.jobs, 1, MOST)
      // Only here: what is measured beside us is installed for development alone, and takes time to load.
      const { benchStreams } = await import('../../bench/stream-bench.ts')
      const { benchGrammar } = await import('../../bench/grammar.ts')
      const { stream, groups } = await benchStreams(STREAM, { rounds, jobs })
      const grammar = await benchGrammar()
      const [cpu] = cpus()
      const machine = `${cpus().length} cores, ${cpu?.model.trim() ?? 'unknown'}, Node ${process.versions.node}`
      if (options.json !== undefined)
        await writeJson(options.json, { schema: 1, machine, stream, rounds, jobs, streams: groups, grammar })
      if (options.json !== '-') {
        console.log(
          `${machine}\n${stream.events} events a stream, ${jobs} streams a round, the median of ${rounds} rounds`,
        )
        for (const group of groups) console.log(`\n${shown(group)}`)
        console.log(`\n${pc.bold('grammar')}: ${thousands(grammar.eventsPerSecond)} parsed events a second`)
      }
      process.exitCode = exitCodes.expected
    })
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

function thousands(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}
