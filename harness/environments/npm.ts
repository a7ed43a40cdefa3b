import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { parseJson } from '../../mocks/recordings/parse.ts'
import { parseBySchema } from '../../mocks/recordings/problem.ts'
import { readUserBytes, readUserText } from '../../mocks/user-file.ts'
import { buildOnce } from './built.ts'
import { buildCachePath } from './cache.ts'
import { readLastLines, runCommand } from './command.ts'
import { copyFiles } from './copy-files.ts'
import { EnvironmentError } from './errors.ts'
import { findExactVersionError } from './exact.ts'
import { readExactDependencies, readPublishedPackage } from './published.ts'

const DAY = 86_400_000

const installed = z.object({ version: z.string() })

const project = fileURLToPath(new URL('../..', import.meta.url))

/** The folders that an adapter imports from two folders above itself. */
const ownFolders = ['harness', 'mocks']

/**
 * Returns a copy of an adapter's folder that uses another version of its package. The packages of a version are
 * installed once. The adapter is copied whenever it has changed. Its imports of this project are the project's own
 * files.
 */
export async function prepareNpmVersion(folder: string, version: string, cache: string): Promise<string> {
  const name = basename(folder)
  const packages = await installPackages(folder, name, version, cache)
  const path = buildCachePath(cache, 'adapters', name, version, [packages, computeDigest(folder)])
  const copy = await buildOnce(path, async (making) => {
    const adapter = join(making, 'runtimes', name)
    await copyFiles(folder, adapter, isSource)
    await symlink(join(packages, 'node_modules'), join(adapter, 'node_modules'))
    for (const one of ownFolders) await symlink(join(project, one), join(making, one))
  })
  return join(copy, 'runtimes', name)
}

/** Returns the folder whose node_modules has the adapter's package at another version. */
async function installPackages(
  folder: string,
  name: string,
  version: string,
  cache: string,
): Promise<string> {
  const published = readPublishedPackage(folder)
  const subject = `${name}@${version}`
  const wrong = findExactVersionError(version, 'npm')
  if (wrong !== undefined) throw new EnvironmentError('version', subject, version, wrong)
  if (published?.registry !== 'npm')
    throw new EnvironmentError(
      'version',
      subject,
      'no "runtime" in its package.json',
      'the name of its package',
    )
  const { dependencies, text } = readExactDependencies(folder)
  return buildOnce(buildCachePath(cache, 'packages', name, version, [text]), async (making) => {
    const own = { name: 'conform-runtime', private: true, type: 'module', dependencies: {} }
    await writeFile(join(making, 'package.json'), JSON.stringify(own))
    await install(making, subject, [`${published.package}@${version}`])
    // The adapter and its package must share one copy of a dependency, since a class must be one class for both.
    const left = dependencies.filter(([one]) => one !== published.package)
    const beside = left.map(([one, pin]) => `${one}@${readInstalledVersion(making, one, subject) ?? pin}`)
    if (beside.length > 0) await npmInstall(making, subject, beside, [])
  })
}

/**
 * Installs a version with dependencies that were published around the same time, if the registry says when that was.
 */
async function install(folder: string, subject: string, packages: readonly [string]): Promise<void> {
  const published = await findPublishTime(folder, subject, packages[0])
  if (published === undefined) return npmInstall(folder, subject, packages, [])
  const before = new Date(published + DAY).toISOString()
  // Mirrors do not always know the time of publication. A version that seems unpublished is installed all the same.
  await npmInstall(folder, subject, packages, ['--before', before]).catch(() =>
    npmInstall(folder, subject, packages, []),
  )
}

/**
 * Returns when a version was published, in milliseconds. Returns undefined if the registry does not say. Throws if
 * there is no such version.
 */
async function findPublishTime(folder: string, subject: string, spec: string): Promise<number | undefined> {
  const said = await runNpm(folder, ['view', '--json', '--', spec, 'version', 'time'])
  if (said.absent)
    throw new EnvironmentError('toolchain', subject, 'no npm on PATH', 'npm, which comes with Node')
  const missing = said.code !== 0 || said.stdout.trim() === ''
  if (missing) throw new EnvironmentError('version', subject, readLastLines(said), `${spec} on the registry`)
  const { version, time = {} } = JSON.parse(said.stdout) as { version: string; time?: Record<string, string> }
  const published = Date.parse(time[version] ?? '')
  return Number.isNaN(published) ? undefined : published
}

async function npmInstall(
  folder: string,
  subject: string,
  packages: readonly string[],
  options: readonly string[],
): Promise<void> {
  const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel', 'error']
  const done = await runNpm(folder, [
    'install',
    '--save-exact',
    '--ignore-scripts',
    ...quiet,
    ...options,
    '--',
    ...packages,
  ])
  if (done.code !== 0)
    throw new EnvironmentError(
      'install',
      subject,
      readLastLines(done),
      `${packages.join(', ')} to be installed`,
    )
}

function runNpm(folder: string, args: readonly string[]) {
  return runCommand('npm', 'npm', args, { cwd: folder })
}

/** Returns the version of an installed package, from its package.json. */
function readInstalledVersion(folder: string, name: string, subject: string): string | undefined {
  const file = join(folder, 'node_modules', name, 'package.json')
  if (!existsSync(file)) return undefined
  const { version } = parseBySchema(installed, parseJson(readUserText(file), file), file)
  const wrong = findExactVersionError(version, 'npm')
  if (wrong !== undefined) throw new EnvironmentError('install', subject, `${name} ${version}`, wrong)
  return version
}

/**
 * Returns whether a file of an adapter's folder is copied: not if it was installed or belongs to one version only.
 */
function isSource(path: string): boolean {
  return basename(path) !== 'node_modules' && !path.endsWith('.test.ts')
}

/** Returns a text that is equal for equal contents of an adapter's folder. */
function computeDigest(folder: string): string {
  const hash = createHash('sha256')
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules') && isSource(entry.name))
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
  for (const file of files) hash.update(file.slice(folder.length)).update('\0').update(readUserBytes(file))
  return hash.digest('hex')
}
