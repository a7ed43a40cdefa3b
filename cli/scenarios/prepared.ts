import { cacheFolder } from '../../harness/environments/cache.ts'
import { prepared } from '../../harness/environments/prepare.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { printable } from '../../mocks/printable.ts'
import type { TransportName } from '../../mocks/transports.ts'
import { UsageError } from '../exit-codes.ts'

/** After so many milliseconds it is said what is waited for: an environment is made once, and that may take a while. */
const SAID_AFTER = 2_000

/** A runtime with what it takes to run it, or the reason why it cannot be run here. */
export async function preparedSubject(subject: Subject): Promise<Subject> {
  const say = () => process.stderr.write(`${printable(subject.name)}: its environment is being made, once…\n`)
  const timer = setTimeout(say, SAID_AFTER)
  try {
    return await prepared(subject, cacheFolder())
  } finally {
    clearTimeout(timer)
  }
}

/** Runtimes with what it takes to run them. Throws a `UsageError` where a version was named that there is not. */
export async function preparedSubjects(subjects: readonly Subject[]): Promise<Subject[]> {
  const all = await Promise.all(subjects.map(preparedSubject))
  for (const { unavailable } of all)
    if (unavailable?.lacking === 'version') throw new UsageError(`--runtime: ${unavailable.reason}`)
  return all
}

/** What requests go over: where all runtimes live in processes of their own, http. */
export function transportFor(subjects: readonly Subject[], asked: TransportName): TransportName {
  return subjects.length > 0 && subjects.every(({ driver }) => driver !== undefined) ? 'http' : asked
}
