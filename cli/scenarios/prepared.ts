import { findCacheFolder } from '../../harness/environments/cache.ts'
import { prepareEnvironment } from '../../harness/environments/prepare.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import type { TransportName } from '../../mocks/transports.ts'
import { UsageError } from '../exit-codes.ts'

/** Milliseconds until a message says that the environment is being installed. */
const MESSAGE_AFTER = 2_000

/**
 * Installs the environment of a runtime if needed. Returns the runtime with its driver, or with the reason why it cannot
 * run.
 */
export async function prepareSubject(subject: Subject): Promise<Subject> {
  const say = () =>
    process.stderr.write(
      `${toPrintable(subject.name)}: installing its environment; this happens only once…\n`,
    )
  const timer = setTimeout(say, MESSAGE_AFTER)
  try {
    return await prepareEnvironment(subject, findCacheFolder())
  } finally {
    clearTimeout(timer)
  }
}

/** Installs the environments of runtimes. Throws a `UsageError` if a version does not exist. */
export async function prepareSubjects(subjects: readonly Subject[]): Promise<Subject[]> {
  const all = await Promise.all(subjects.map(prepareSubject))
  for (const { unavailable } of all)
    if (unavailable?.lacking === 'version') throw new UsageError(`--runtime: ${unavailable.reason}`)
  return all
}

/** Returns the transport of a run: http if all runtimes run in their own processes, else `asked`. */
export function chooseTransport(subjects: readonly Subject[], asked: TransportName): TransportName {
  return subjects.length > 0 && subjects.every(({ driver }) => driver !== undefined) ? 'http' : asked
}
