import { execFileSync } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { prepareDriver } from './environment.ts'
import { findLastUpload, readOrResolveLock } from './lock.ts'
import { readManifest } from './manifest.ts'
import { installUv } from './uv.ts'

let cache = ''
beforeAll(async () => {
  cache = await mkdtemp(join(tmpdir(), 'environments-cache-'))
})
afterAll(() => rm(cache, { recursive: true, force: true }))

let root = ''
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'environments-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

/** A runtime of which any published package may be the whole. */
async function runtimeOn(published: string, version: string) {
  await writeFile(join(root, 'driver.py'), '')
  const said = { about: 'x', language: 'python', driver: 'driver.py', package: published, version }
  await writeFile(join(root, 'manifest.yaml'), JSON.stringify({ ...said, env: { OWN: 'yes' } }))
  return readManifest(root)
}

test('an environment holds the version that was asked for, is locked by hashes and used again', async () => {
  const manifest = await runtimeOn('six', '1.16.0')
  const first = await prepareDriver(manifest, '1.15.0', cache)
  const says = ['-c', 'import six, os; print(six.__version__, sorted(os.environ))']
  const printed = execFileSync(first.command, says, { env: first.env, encoding: 'utf8' })
  expect(printed).toMatch(/^1\.15\.0 /)
  expect(printed).toContain("'OWN'")
  expect(printed).not.toMatch(/'(HOME|VITEST|NODE_ENV|PIP_\w+|UV_\w+)'/)
  const lock = await readOrResolveLock(manifest, '1.15.0', { uv: () => installUv(cache), cache })
  expect(lock.text).toMatch(
    /^# \S+@1\.15\.0, Python >=3\.10: six==1\.15\.0\. Made by conform lock, .* until 2020-05-2\dT/,
  )
  expect(lock.text).toMatch(/six==1\.15\.0 \\\n\s+--hash=sha256:/)
  expect(lock.text).not.toMatch(/https?:/)
  expect(await prepareDriver(manifest, '1.15.0', cache)).toEqual(first)
})

test('what a lock has by other hashes is not installed, and a version that is not there is told by name', async () => {
  const manifest = await runtimeOn('six', '1.16.0')
  const { text } = await readOrResolveLock(manifest, '1.16.0', { uv: () => installUv(cache), cache })
  await mkdir(join(root, 'locks'))
  await writeFile(join(root, 'locks', '1.16.0.txt'), text.replace(/sha256:\w+/g, `sha256:${'0'.repeat(64)}`))
  const tampered = prepareDriver(manifest, '1.16.0', cache)
  await expect(tampered).rejects.toThrow(/@1\.16\.0: found .*hash/is)
  await expect(tampered).rejects.toMatchObject({ lacking: 'install' })
  const unknown = prepareDriver(manifest, '99.0.0', cache)
  await expect(unknown).rejects.toThrow(/@99\.0\.0: found .*expected versions that fit six==99\.0\.0/s)
  await expect(unknown).rejects.toMatchObject({ lacking: 'version' })
  await expect(prepareDriver(manifest, 'git+https://x', cache)).rejects.toMatchObject({ lacking: 'version' })
})

test('the company of a version is of its time: a day after the last upload', () => {
  const pylock =
    'sdist = { upload-time = 2026-06-18T09:42:48Z }\nwheels = [{ upload-time = 2026-06-18T09:42:46Z }]'
  expect(findLastUpload(pylock)).toBe('2026-06-19T09:42:48Z')
  expect(findLastUpload('packages = []')).toBeUndefined()
})
