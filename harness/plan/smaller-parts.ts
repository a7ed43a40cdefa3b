import { canariesIn } from './canary.ts'

/** The list without one of its members, each in turn. */
export function* without<T>(list: readonly T[]): Generator<T[]> {
  for (const at of list.keys()) yield list.toSpliced(at, 1)
}

/** The list without two, three or four neighbours, each of them in turn. */
export function* withoutNeighbours<T>(list: readonly T[]): Generator<T[]> {
  for (const many of [4, 3, 2])
    for (const at of list.keys()) if (at + many <= list.length) yield list.toSpliced(at, many)
}

/** The list with one of its members smaller, each in turn. */
export function* each<T>(list: readonly T[], smallerOnes: (member: T) => Iterable<T>): Generator<T[]> {
  for (const [at, member] of list.entries()) for (const less of smallerOnes(member)) yield list.with(at, less)
}

/** The object without one of these keys, each in turn that it has. */
export function* withoutKeys<T extends object>(of: T, keys: readonly OptionalKey<T>[]): Generator<T> {
  for (const key of keys) {
    if (of[key] === undefined) continue
    const { [key]: _, ...less } = of
    yield less as unknown as T
  }
}

type OptionalKey<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** What a lower number makes: none of it first, then half, then one less. */
export function* lower<T>(number: number, made: (less: number) => T): Generator<T> {
  for (const less of new Set([0, number >> 1, number - 1])) if (less >= 0 && less < number) yield made(less)
}

/** A text as its first canary alone; as it is where it holds none. */
export function shortened(text: string): string {
  return canariesIn(text)[0] ?? text
}
