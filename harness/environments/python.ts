import { join } from 'node:path'
import { buildReleasePath, formatRelease } from './beside.ts'
import { buildOnce } from './built.ts'
import { buildCachePath } from './cache.ts'
import { readLastLines, runCommand } from './command.ts'
import { EnvironmentError } from './errors.ts'
import { buildWheelOptions, readOrResolveLock, uvVariables } from './lock.ts'
import type { Manifest } from './manifest.ts'
import type { Beside } from './requirements.ts'
import { installUv } from './uv.ts'

/**
 * Returns the folder of the Python environment for a runtime at a version with its chosen packages. There is one for each lock; a missing one
 * is made.
 */
export async function preparePythonEnvironment(
  manifest: Manifest,
  version: string,
  cache: string,
  beside?: Beside,
): Promise<string> {
  const uv = () => installUv(cache)
  const lock = await readOrResolveLock(manifest, version, { uv, cache }, beside)
  const { name, python, builds } = manifest
  const release = buildReleasePath(version, beside)
  const path = buildCachePath(cache, 'environments', name, release, [lock.text, python, ...builds])
  return buildOnce(path, async (folder) => {
    const program = await uv()
    const subject = `${name}@${formatRelease(version, beside)}`
    const venv = ['venv', '--quiet', '--clear', '--relocatable', '--no-project', '--python', python]
    const made = await runCommand('python', program, [...venv, '--', folder], {
      cwd: cache,
      env: uvVariables,
    })
    if (made.code !== 0)
      throw new EnvironmentError('toolchain', subject, readLastLines(made), `Python ${python}`)
    const into = ['pip', 'sync', '--quiet', '--python', join(folder, 'bin', 'python'), '--require-hashes']
    const done = await runCommand(
      'python',
      program,
      [...into, ...buildWheelOptions(manifest), '--', lock.path],
      {
        cwd: cache,
        env: uvVariables,
      },
    )
    if (done.code !== 0)
      throw new EnvironmentError(
        'install',
        subject,
        readLastLines(done),
        `what ${lock.path} names to be installed`,
      )
  })
}
