import { Option } from 'commander'
import { UsageError } from './exit-codes.ts'

/** Returns the whole number that was given for an option. Throws a `UsageError` if it is outside the limits. */
export function parseWholeNumber(option: string, given: string, from: number, to: number): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || number < from || number > to)
    throw new UsageError(`${option}: found "${given}", expected a whole number from ${from} to ${to}`)
  return number
}

/** Returns the seed of the option `--seed`, or a random one. */
export function chooseSeed({ seed }: { seed?: string }): number {
  const most = 2 ** 32 - 1
  return seed === undefined ? Math.floor(Math.random() * 2 ** 32) : parseWholeNumber('--seed', seed, 0, most)
}

/** Returns the port of the option `--port`. Zero means any free port. */
export function parsePort(given: string): number {
  return parseWholeNumber('--port', given, 0, 65_535)
}

/** Returns the option `--patience`, which every command that runs plans has. */
export function buildPatienceOption(): Option {
  return new Option(
    '--patience <seconds>',
    'end a process that starts no new plan for this long (default: 15, or 120 over http)',
  )
}

/** Returns the patience of the option `--patience` in milliseconds, or an empty object without that option. */
export function parsePatience({ patience }: { patience?: string }): { patience?: number } {
  return patience === undefined
    ? {}
    : { patience: parseWholeNumber('--patience', patience, 1, 86_400) * 1000 }
}
