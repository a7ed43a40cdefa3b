import { mkdir } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import type { Command } from 'commander'
import { findCacheFolder } from '../../harness/environments/cache.ts'
import { EnvironmentError } from '../../harness/environments/errors.ts'
import { chooseRegistry, findExactVersionError } from '../../harness/environments/exact.ts'
import { compileLock, isLocked, lockPath, readKeptLock } from '../../harness/environments/lock.ts'
import { hasManifest, type Manifest, readManifest } from '../../harness/environments/manifest.ts'
import { installUv } from '../../harness/environments/uv.ts'
import { listManifestAndZooVersions } from '../../harness/known/zoo.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { writeResultFile } from '../../mocks/result-file.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { chooseSubjects, splitVersion } from '../scenarios/chosen.ts'

export function addLockCommand(program: Command): void {
  program
    .command('lock <runtime...>')
    .description(
      'Write lock files for Python runtimes: every package of a version, with the hashes of its files.',
    )
    .addHelpText(
      'after',
      `
NAME          writes each missing or outdated lock file, for the versions in manifest.yaml and zoo.yaml
NAME@VERSION  writes the lock file of this version again

The files are runtimes/NAME/locks/VERSION.txt. Commit them.

Examples:
  $ conform lock agent-framework
  $ conform lock agent-framework@1.9.0`,
    )
    .action(async (asked: string[]) => {
      process.exitCode = await writeLocks(asked)
    })
}

async function writeLocks(asked: readonly string[]): Promise<number> {
  const wanted = asked.flatMap(findVersions)
  for (const [manifest, version] of wanted) {
    const file = lockPath(manifest, version)
    // Throws for a symbolic link, before anything is resolved or written.
    readKeptLock(manifest, version)
    await mkdir(dirname(file), { recursive: true })
    await writeResultFile(file, await resolveLock(manifest, version))
    process.stdout.write(`${relative(process.cwd(), file)}\n`)
  }
  if (wanted.length === 0) process.stdout.write('All lock files are up to date.\n')
  return exitCodes.expected
}

async function resolveLock(manifest: Manifest, version: string): Promise<string> {
  try {
    return await compileLock(manifest, version, await installUv(findCacheFolder()))
  } catch (error) {
    if (error instanceof EnvironmentError) throw new UsageError(`lock: ${error.message}`)
    throw error
  }
}

/** Returns the versions that need a lock file for a NAME or NAME@VERSION of the command line. */
function findVersions(asked: string): [Manifest, string][] {
  const [name, version] = splitVersion(asked)
  const [subject] = chooseSubjects([name]).subjects as [Subject]
  if (subject.version !== undefined || subject.defect !== undefined)
    throw new UsageError(`lock: found "${toPrintable(asked)}", expected NAME or NAME@VERSION`)
  const { folder } = subject
  const manifest = hasManifest(folder) ? readManifest(folder) : undefined
  if (manifest?.language !== 'python')
    throw new UsageError(`lock: found ${toPrintable(name)}, expected a runtime in Python`)
  if (version === undefined)
    return listManifestAndZooVersions(manifest)
      .filter((one) => !isLocked(manifest, one))
      .map((one) => [manifest, one])
  const expected = findExactVersionError(version, chooseRegistry(manifest))
  if (expected !== undefined)
    throw new UsageError(`lock: found "${toPrintable(version)}", expected ${expected}`)
  return [[manifest, version]]
}
