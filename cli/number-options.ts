import { UsageError } from './exit-codes.ts'

/** A whole number from the command line, as its option was given. Throws a `UsageError` beyond the limits. */
export function wholeNumber(option: string, given: string, from: number, to: number): number {
  const number = Number(given)
  if (!/^\d+$/.test(given) || number < from || number > to)
    throw new UsageError(`${option}: found "${given}", expected a whole number from ${from} to ${to}`)
  return number
}

/** A port number from the command line; 0 takes a free one. */
export function portOption(given: string): number {
  return wholeNumber('--port', given, 0, 65_535)
}
