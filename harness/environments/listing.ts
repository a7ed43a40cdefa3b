import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type CommandResult, readLastLines, runCommand } from './command.ts'
import { EnvironmentError } from './errors.ts'
import { findExactVersionError, isPrerelease, type Registry } from './exact.ts'
import { goSettings } from './go.ts'
import { findNameError } from './names.ts'
import type { PublishedPackage } from './published.ts'
import { installPythonTool } from './uv.ts'

const pip = fileURLToPath(new URL('locks/pip.txt', import.meta.url))

/** How to ask each registry's own client for versions, and how to read its answer. Versions come oldest first. */
const clients: Record<
  Registry,
  {
    ask(name: string, cache: string): Promise<CommandResult>
    versions(stdout: string): string[]
  }
> = {
  npm: {
    ask: (name) => runCommand('npm', 'npm', ['view', '--json', '--', name, 'versions']),
    versions: (stdout) => [JSON.parse(stdout) as string | string[]].flat(),
  },
  pypi: {
    async ask(name, cache) {
      const folder = await installPythonTool(cache, 'pip', pip)
      const args = ['-m', 'pip', 'index', 'versions', '--pre', '--disable-pip-version-check', '--', name]
      return runCommand('python', join(folder, 'bin', 'python'), args, { cwd: folder })
    },
    versions(stdout) {
      const [, list = ''] = /^Available versions: (.*)$/m.exec(stdout) ?? []
      return list.split(', ').reverse()
    },
  },
  go: {
    ask: (name) =>
      runCommand('go', 'go', ['list', '-m', '-versions', '-json', '--', name], {
        env: { ...goSettings, GOFLAGS: '-mod=mod' },
      }),
    versions(stdout) {
      const { Versions = [] } = JSON.parse(stdout) as { Versions?: string[] }
      return Versions.map((version) => version.replace(/^v/, ''))
    },
  },
}

/**
 * Returns all exact versions of a package, oldest first. Throws an `EnvironmentError` if the registry gives no
 * answer.
 */
export async function listPublishedVersions(
  { registry, package: name }: Pick<PublishedPackage, 'registry' | 'package'>,
  cache: string,
): Promise<string[]> {
  const { ask, versions } = clients[registry]
  const wrong = findNameError(name, registry)
  if (wrong !== undefined) throw new EnvironmentError('version', 'package', name, wrong)
  const answer = await ask(name, cache)
  if (answer.code !== 0)
    throw new EnvironmentError(
      answer.absent ? 'toolchain' : 'install',
      name,
      readLastLines(answer),
      `its versions on ${registry}`,
    )
  return versions(answer.stdout).filter((version) => findExactVersionError(version, registry) === undefined)
}

/**
 * Returns the versions from one to another, both included, oldest first. Prereleases count only if one of the two is
 * a prerelease.
 */
export function selectVersions(
  all: readonly string[],
  one: string,
  other: string,
  registry: Registry,
): string[] {
  const ends = [all.indexOf(one), all.indexOf(other)]
  const early = isPrerelease(one, registry) || isPrerelease(other, registry)
  return all
    .slice(Math.min(...ends), Math.max(...ends) + 1)
    .filter((version) => early || !isPrerelease(version, registry))
}
