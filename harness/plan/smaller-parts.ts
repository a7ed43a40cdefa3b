import { findCanaries } from './canary.ts'

/** Yields the list without one member, for each member. */
export function* removeEach<T>(list: readonly T[]): Generator<T[]> {
  for (const at of list.keys()) yield list.toSpliced(at, 1)
}

/** Yields the list without four, three or two neighbours, at each place. */
export function* removeNeighbours<T>(list: readonly T[]): Generator<T[]> {
  for (const many of [4, 3, 2])
    for (const at of list.keys()) if (at + many <= list.length) yield list.toSpliced(at, many)
}

/** Yields the list with one member replaced by a smaller one, for each member and each smaller form of it. */
export function* shrinkEach<T>(list: readonly T[], smallerOnes: (member: T) => Iterable<T>): Generator<T[]> {
  for (const [at, member] of list.entries()) for (const less of smallerOnes(member)) yield list.with(at, less)
}

/** Yields the object without one key, for each of these keys that the object has. */
export function* removeEachKey<T extends object>(of: T, keys: readonly OptionalKey<T>[]): Generator<T> {
  for (const key of keys) {
    if (of[key] === undefined) continue
    const { [key]: _, ...less } = of
    yield less as unknown as T
  }
}

type OptionalKey<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]

/** Yields what `made` returns for lower numbers: zero, then half, then one less. */
export function* mapLowerNumbers<T>(number: number, made: (less: number) => T): Generator<T> {
  for (const less of new Set([0, number >> 1, number - 1])) if (less >= 0 && less < number) yield made(less)
}

/** Returns the first canary in a text, or the whole text if it has none. */
export function shortenToCanary(text: string): string {
  return findCanaries(text)[0] ?? text
}
