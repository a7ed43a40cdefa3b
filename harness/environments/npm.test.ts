import { mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { prepareNpmVersion } from './npm.ts'

let root = ''
let folder = ''
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'environments-'))
  folder = join(root, 'runtimes', 'mine')
  await mkdir(folder, { recursive: true })
  const manifest = {
    name: 'mine',
    runtime: 'is-odd',
    dependencies: { 'is-odd': '3.0.1', 'is-number': '7.0.0' },
  }
  await writeFile(join(folder, 'package.json'), JSON.stringify(manifest))
  await writeFile(
    join(folder, 'adapter.ts'),
    "export { errorShape } from '../../harness/contract/error-shape.ts'\n",
  )
})
afterAll(() => rm(root, { recursive: true, force: true }))

test('an adapter stands beside the version that was asked for, and what it imports of the project is the project’s own', async () => {
  const cache = join(root, 'cache')
  const copy = await prepareNpmVersion(folder, '3.0.0', cache)
  const versionOf = async (name: string) => {
    const text = await readFile(join(copy, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  }
  expect(await versionOf('is-odd')).toBe('3.0.0')
  // What both use the adapter gets in the version that the package's own users have.
  expect(await versionOf('is-number')).toMatch(/^6\./)
  const real = await realpath(join(copy, '../../harness/contract/error-shape.ts'))
  const { errorShape } = (await import(pathToFileURL(real).href)) as { errorShape: unknown }
  const adapter = (await import(pathToFileURL(join(copy, 'adapter.ts')).href)) as { errorShape: unknown }
  expect(adapter.errorShape).toBe(errorShape)
  expect(await prepareNpmVersion(folder, '3.0.0', cache)).toBe(copy)
  await writeFile(join(folder, 'adapter.ts'), 'export const changed = true\n')
  expect(await prepareNpmVersion(folder, '3.0.0', cache)).not.toBe(copy)
})

test.each([
  ['99.0.0', /mine@99\.0\.0: found .*, expected is-odd@99\.0\.0 on the registry/s],
  ['latest', /found latest, expected an exact version of semver/],
  ['npm:left-pad@1.0.0', /expected an exact version/],
])('%s is told by name', async (version, message) => {
  const asked = prepareNpmVersion(folder, version, join(root, 'cache'))
  await expect(asked).rejects.toThrow(message)
  await expect(asked).rejects.toMatchObject({ lacking: 'version' })
})
