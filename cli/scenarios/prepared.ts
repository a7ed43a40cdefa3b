import { cacheFolder } from '../../harness/environments/cache.ts'
import { prepared } from '../../harness/environments/prepare.ts'
import type { Verdict } from '../../harness/verdict.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { UsageError } from '../exit-codes.ts'

/** Runtimes with what it takes to run them. Throws a `UsageError` where a version was named that there is not. */
export async function preparedSubjects(subjects: readonly Subject[]): Promise<Subject[]> {
  const all = await Promise.all(subjects.map((subject) => prepared(subject, cacheFolder())))
  for (const { unavailable } of all)
    if (unavailable?.lacking === 'version') throw new UsageError(`--runtime: ${unavailable.reason}`)
  return all
}

/** Whether a verdict was reached on this very runtime. */
export function isOf({ name, version }: Subject, verdict: Pick<Verdict, 'runtime' | 'version'>): boolean {
  return name === (version === undefined ? verdict.runtime : `${verdict.runtime}@${verdict.version}`)
}
