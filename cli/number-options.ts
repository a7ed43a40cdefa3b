import { Option } from 'commander'
import { UsageError } from './exit-codes.ts'

/** A whole number from the command line, as its option was given. Throws a `UsageError` beyond the limits. */
export function wholeNumber(option: string, given: string, from: number, to: number): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || number < from || number > to)
    throw new UsageError(`${option}: found "${given}", expected a whole number from ${from} to ${to}`)
  return number
}

/** The seed that was asked for, or one that is drawn. */
export function seedOf({ seed }: { seed?: string }): number {
  const most = 2 ** 32 - 1
  return seed === undefined ? Math.floor(Math.random() * 2 ** 32) : wholeNumber('--seed', seed, 0, most)
}

/** A port number from the command line; 0 takes a free one. */
export function portOption(given: string): number {
  return wholeNumber('--port', given, 0, 65_535)
}

/** The option of all that runs plans: how long one may keep its process without a sign. */
export function patienceOption(): Option {
  return new Option(
    '--patience <seconds>',
    'end a process that starts no new plan for this long (default: 15, or 120 over http)',
  )
}

/** The patience that was asked for, in milliseconds; nothing where none was. */
export function patienceOf({ patience }: { patience?: string }): { patience?: number } {
  return patience === undefined ? {} : { patience: wholeNumber('--patience', patience, 1, 86_400) * 1000 }
}
