import { spawn } from 'node:child_process'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** A folder in which packages are installed as `npm install` would do it, in the versions that a file of ours loads. */
export async function installPackages(
  folder: string,
  from: string,
  packages: readonly string[],
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  for (const name of packages) {
    const manifest = findPackageJSON(name, pathToFileURL(from).href) as string
    const place = join(folder, 'node_modules', name)
    await mkdir(dirname(place), { recursive: true })
    await symlink(dirname(manifest), place)
  }
}

/** Runs a TypeScript file with Node alone. */
export function runFile(file: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [file], {
    cwd: dirname(file),
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
  })
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      written[name] += text
    })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...written })))
}
