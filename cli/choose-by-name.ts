import { toPrintable } from '../mocks/printable.ts'
import { UsageError } from './exit-codes.ts'

/** Returns those that a repeated option names, or all if it names none. Throws a `UsageError` for an unknown name. */
export function chooseByName<T extends { name: string }>(
  option: string,
  known: readonly T[],
  asked: readonly string[],
): T[] {
  const names = known.map(({ name }) => name)
  for (const one of asked)
    if (!names.includes(one))
      throw new UsageError(`${option}: found "${toPrintable(one)}", expected one of ${names.join(', ')}`)
  return known.filter(({ name }) => asked.length === 0 || asked.includes(name))
}
