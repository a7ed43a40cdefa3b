import { join } from 'node:path'
import { built } from './built.ts'
import { keyed } from './cache.ts'
import { lastWords, told } from './command.ts'
import { EnvironmentError } from './errors.ts'
import { lockOf, onlyWheels, tooling } from './lock.ts'
import type { Manifest } from './manifest.ts'
import { uvIn } from './uv.ts'

/** The folder of the Python environment of a runtime at a version: one for each lock, made where it is not there yet. */
export async function pythonEnvironment(manifest: Manifest, version: string, cache: string): Promise<string> {
  const uv = () => uvIn(cache)
  const lock = await lockOf(manifest, version, { uv, cache })
  const { name, python, builds } = manifest
  const path = keyed(cache, 'environments', name, version, [lock.text, python, ...builds])
  return built(path, async (folder) => {
    const program = await uv()
    const subject = `${name}@${version}`
    const venv = ['venv', '--quiet', '--clear', '--relocatable', '--no-project', '--python', python]
    const made = await told('python', program, [...venv, '--', folder], { cwd: cache, env: tooling })
    if (made.code !== 0) throw new EnvironmentError('toolchain', subject, lastWords(made), `Python ${python}`)
    const into = ['pip', 'sync', '--quiet', '--python', join(folder, 'bin', 'python'), '--require-hashes']
    const done = await told('python', program, [...into, ...onlyWheels(manifest), '--', lock.path], {
      cwd: cache,
      env: tooling,
    })
    if (done.code !== 0)
      throw new EnvironmentError(
        'install',
        subject,
        lastWords(done),
        `what ${lock.path} names to be installed`,
      )
  })
}
