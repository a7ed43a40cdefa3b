import { isLabel, LABEL } from '../../harness/contract/label.ts'
import { formatRelease, readBeside } from '../../harness/environments/beside.ts'
import { hasManifest, type Manifest, readManifest } from '../../harness/environments/manifest.ts'
import type { Beside } from '../../harness/environments/requirements.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { UsageError } from '../exit-codes.ts'

/**
 * Returns a runtime with the packages that `--with` chooses, each as PACKAGE@VERSION. Throws a `UsageError` unless the runtime is in
 * Python and its manifest lists each package. `option` says in errors where the texts come from.
 */
export function selectBeside(subject: Subject, asked: readonly string[], option = '--with'): Subject {
  if (asked.length === 0) return subject
  const manifest = readPythonManifest(subject)
  if (manifest === undefined)
    throw new UsageError(`${option}: found ${toPrintable(subject.name)}, expected a runtime in Python`)
  const choice = readBeside(manifest, subject.version ?? manifest.version, asked)
  if ('wrong' in choice)
    throw new UsageError(
      `${option}: found ${toPrintable(choice.wrong.found)}, expected ${toPrintable(choice.wrong.expected, 600)}`,
    )
  const chosen = addBeside(subject, manifest.version, choice.beside)
  if (!isLabel(chosen.name))
    throw new UsageError(
      `${option}: found ${asked.length} packages, expected their names to fit into ${LABEL}`,
    )
  return chosen
}

/** Returns a runtime with chosen packages beside it. Its name has them, and its version even if that is the `usual` one. */
export function addBeside(subject: Subject, usual: string, beside: Beside = {}): Subject {
  if (Object.keys(beside).length === 0) return subject
  const { version = usual } = subject
  const named = subject.version === undefined ? `${subject.name}@${version}` : subject.name
  return { ...subject, name: formatRelease(named, beside), version, beside }
}

function readPythonManifest({ folder }: Subject): Manifest | undefined {
  const manifest = hasManifest(folder) ? readManifest(folder) : undefined
  return manifest?.language === 'python' ? manifest : undefined
}

/** Returns the options that choose a runtime's packages again, for a command that is printed: ` --with agentscope@1.0.19`. */
export function formatBesideOptions(beside: Beside = {}): string {
  return Object.entries(beside)
    .map(([name, version]) => ` --with ${name}@${version}`)
    .join('')
}
