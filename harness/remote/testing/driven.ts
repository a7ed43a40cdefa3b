import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { findCacheFolder } from '../../environments/cache.ts'
import { prepareDriver } from '../../environments/environment.ts'
import { readManifest } from '../../environments/manifest.ts'
import { type RemoteRuntime, startRemote } from '../remote-runtime.ts'

/**
 * Starts the driver of a runtime for the tests of a `describe`, and ends it after them. Without `version`, the
 * version of the manifest runs.
 */
export function startTestDriver(name: string, version?: string): () => RemoteRuntime {
  const manifest = readManifest(fileURLToPath(new URL(`../../../runtimes/${name}`, import.meta.url)))
  const wanted = version ?? manifest.version
  let home = ''
  let runtime: RemoteRuntime | undefined
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'conform-test-'))
    const { command, args, env } = await prepareDriver(manifest, wanted, findCacheFolder())
    runtime = await startRemote(name, { command, args, env: { ...env, HOME: home } })
  }, 300_000)
  afterAll(async () => {
    runtime?.end()
    await rm(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 })
  })
  it('is of that version', () => expect(runtime).toMatchObject({ name, version: wanted }))
  return () => runtime as RemoteRuntime
}
