import { hasManifest } from '../../harness/environments/manifest.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { countWithNoun } from '../../reports/count-with-noun.ts'
import { UsageError } from '../exit-codes.ts'
import { chooseSubjects } from './chosen.ts'
import { selectBeside } from './with-packages.ts'

/** The options of `conform` that name the runtime to compare with. */
interface OtherOptions {
  runtime: string[]
  against?: string
  againstWith: string[]
}

/**
 * Returns the runtime of `--against`. Throws a `UsageError` unless there is exactly one `--runtime`, and both runtimes or neither
 * run in a process of their own: one transport must reach both.
 */
export function chooseOther(
  subjects: readonly Subject[],
  { against, againstWith, runtime }: OtherOptions,
): Subject | undefined {
  if (against === undefined) {
    if (againstWith.length === 0) return undefined
    throw new UsageError('--against-with: found no --against, expected the runtime to compare with')
  }
  const [other] = chooseSubjects([against]).subjects.map((one) =>
    selectBeside(one, againstWith, '--against-with'),
  )
  const [subject] = subjects
  if (runtime.length !== 1 || subject === undefined || other === undefined)
    throw new UsageError(
      `--against: found ${countWithNoun(runtime.length, 'runtime')}, expected exactly one --runtime`,
    )
  if (hasManifest(subject.folder) !== hasManifest(other.folder))
    throw new UsageError(
      `--against: found ${toPrintable(other.name)}, expected a runtime ${hasManifest(subject.folder) ? 'with a manifest.yaml' : 'with an adapter.ts'}, as ${toPrintable(subject.name)}`,
    )
  return other
}
