import { mkdir } from 'node:fs/promises'
import { dirname, relative } from 'node:path'
import type { Command } from 'commander'
import { findCacheFolder } from '../../harness/environments/cache.ts'
import { EnvironmentError } from '../../harness/environments/errors.ts'
import { chooseRegistry, findExactVersionError } from '../../harness/environments/exact.ts'
import { compileLock, isLocked, lockPath, readKeptLock } from '../../harness/environments/lock.ts'
import { hasManifest, type Manifest, readManifest } from '../../harness/environments/manifest.ts'
import { findTooOldError } from '../../harness/environments/oldest.ts'
import { installUv } from '../../harness/environments/uv.ts'
import { listManifestAndZooReleases, type Release } from '../../harness/known/zoo.ts'
import type { Subject } from '../../harness/vitest/settings.ts'
import { toPrintable } from '../../mocks/printable.ts'
import { writeResultFile } from '../../mocks/result-file.ts'
import { exitCodes, UsageError } from '../exit-codes.ts'
import { withOption } from '../repeated-option.ts'
import { chooseSubjects, splitVersion } from '../scenarios/chosen.ts'
import { selectBeside } from '../scenarios/with-packages.ts'

export function addLockCommand(program: Command): void {
  program
    .command('lock <runtime...>')
    .description(
      'Write lock files for Python runtimes: every package of a version, with the hashes of its files.',
    )
    .addOption(withOption('beside the runtime'))
    .addHelpText(
      'after',
      `
NAME          writes each missing or outdated lock file, for the versions in manifest.yaml and zoo.yaml
NAME@VERSION  writes the lock file of this version again

The files are runtimes/NAME/locks/VERSION.txt, with --with also VERSION--PACKAGE-VERSION.txt. Commit them.

Examples:
  $ conform lock agent-framework
  $ conform lock agent-framework@1.9.0
  $ conform lock agentscope --with agentscope@1.0.19   the lock of this choice again`,
    )
    .action(async (asked: string[], options: { with: string[] }) => {
      process.exitCode = await writeLocks(asked, options.with)
    })
}

async function writeLocks(asked: readonly string[], packages: readonly string[]): Promise<number> {
  const wanted = asked.flatMap((one) => findReleases(one, packages))
  for (const [manifest, release] of wanted) {
    const { version, beside } = release
    const file = lockPath(manifest, version, beside)
    // Throws for a symbolic link, before anything is resolved or written.
    readKeptLock(manifest, version, beside)
    await mkdir(dirname(file), { recursive: true })
    await writeResultFile(file, await resolveLock(manifest, release))
    process.stdout.write(`${relative(process.cwd(), file)}\n`)
  }
  if (wanted.length === 0) process.stdout.write('All lock files are up to date.\n')
  return exitCodes.expected
}

async function resolveLock(manifest: Manifest, { version, beside }: Release): Promise<string> {
  try {
    return await compileLock(manifest, version, await installUv(findCacheFolder()), beside)
  } catch (error) {
    if (error instanceof EnvironmentError) throw new UsageError(`lock: ${error.message}`)
    throw error
  }
}

/** Returns the releases that need a lock file for a NAME or NAME@VERSION of the command line, with the packages of `--with`. */
function findReleases(asked: string, packages: readonly string[]): [Manifest, Release][] {
  const [name, version] = splitVersion(asked)
  const [subject] = chooseSubjects([name]).subjects as [Subject]
  if (subject.version !== undefined || subject.defect !== undefined)
    throw new UsageError(`lock: found "${toPrintable(asked)}", expected NAME or NAME@VERSION`)
  const { folder } = subject
  const manifest = hasManifest(folder) ? readManifest(folder) : undefined
  if (manifest?.language !== 'python')
    throw new UsageError(`lock: found ${toPrintable(name)}, expected a runtime in Python`)
  if (version === undefined && packages.length === 0)
    return listManifestAndZooReleases(manifest)
      .filter((one) => !isLocked(manifest, one.version, one.beside))
      .map((one) => [manifest, one])
  const expected =
    version === undefined
      ? undefined
      : (findExactVersionError(version, chooseRegistry(manifest)) ??
        findTooOldError(manifest, manifest.package, version))
  if (expected !== undefined)
    throw new UsageError(`lock: found "${toPrintable(version ?? '')}", expected ${expected}`)
  const { beside } = selectBeside({ ...subject, ...(version === undefined ? {} : { version }) }, packages)
  return [[manifest, { version: version ?? manifest.version, ...(beside === undefined ? {} : { beside }) }]]
}
