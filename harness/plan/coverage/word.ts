import type { Capability } from '../../contract/runtime.ts'
import type { PlanView } from './view.ts'

/** One part of a plan that can have several values, for example the kind of a stop. A plan can have none, one or many of them. */
export interface Word {
  name: string
  /** All values that a legal plan can have, each with the capabilities that it needs. */
  values: Readonly<Record<string, readonly Capability[]>>
  /** Returns the values that a plan has. A value can be returned many times. */
  read(view: PlanView): Iterable<string>
  /**
   * The group of each value. Pairs have groups in place of values, so that a word has at most about five in pairs. Absent: each
   * value is a group of its own.
   */
  groups?: Readonly<Record<string, string>>
  /** Why the values of this word are counted only by themselves and not in pairs. */
  unpaired?: string
}

/** Returns an entry for each name, all with the same needs. */
export function buildValues(names: readonly string[], needs: readonly Capability[] = []): Word['values'] {
  return Object.fromEntries(names.map((name) => [name, needs]))
}

/** Returns an entry for each capability, which is needed by the value of the same name. */
export function buildCapabilityValues(
  names: readonly Capability[],
  needs: readonly Capability[] = [],
): Word['values'] {
  return Object.fromEntries(names.map((name) => [name, [...needs, name]]))
}

/** Returns the same group for each value. */
export function groupAs(group: string, values: readonly string[]): Record<string, string> {
  return Object.fromEntries(values.map((value) => [value, group]))
}

/** Returns the values of a word as they stand in pairs. */
export function groupValue({ groups }: Pick<Word, 'groups'>, value: string): string {
  return groups?.[value] ?? value
}

/** Returns the names of the entries that are true. */
export function listTrue(entries: Readonly<Record<string, boolean>>): string[] {
  return Object.keys(entries).filter((name) => entries[name])
}

/** Returns whether a text has a character outside ASCII. */
export function hasOtherThanAscii(text: string): boolean {
  return /[\u0080-\uffff]/.test(text)
}
