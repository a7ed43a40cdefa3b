import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findCacheFolder } from '../harness/environments/cache.ts'
import { prepareDriver } from '../harness/environments/environment.ts'
import { readManifest } from '../harness/environments/manifest.ts'
import { listDefaultSubjects, listRequestedSubjects } from '../harness/vitest/projects.ts'

const SCRIPT = /\.repro\.(py|mjs)$/

/** Every script that stands beside a plan of a `known.yaml` and shows its violation without the harness. */
const scripts = [...listDefaultSubjects(), ...listRequestedSubjects()].flatMap(({ name, folder }) => {
  const known = join(folder, 'known')
  const files = existsSync(known) ? readdirSync(known).filter((file) => SCRIPT.test(file)) : []
  return files.map((file) => ({ name, folder, file, path: join(known, file) }))
})

/** Runs a script with Node, or with the Python of the runtime's environment and without the modules of its driver. */
async function runScript(folder: string, path: string): Promise<{ code: number | null; stdout: string }> {
  const child = spawn(await findProgram(folder, path), [path], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout }
}

async function findProgram(folder: string, path: string): Promise<string> {
  if (path.endsWith('.mjs')) return process.execPath
  const manifest = readManifest(folder)
  return (await prepareDriver(manifest, manifest.version, findCacheFolder())).command
}

describe('a script beside a known plan', () => {
  it.each(scripts)(
    'of $name shows its violation without the harness: $file',
    async ({ folder, file, path }) => {
      expect(existsSync(path.replace(SCRIPT, '.json')), `the plan of ${file}`).toBe(true)
      const { code, stdout } = await runScript(folder, path)
      expect(stdout).toMatch(/^expected: .+\nfound: .+\nVIOLATION: .+$/m)
      expect(code).toBe(1)
    },
  )
})
