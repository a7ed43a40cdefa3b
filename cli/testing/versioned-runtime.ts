import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeBrokenRuntime } from './broken-runtime.ts'

/**
 * A runtime of which a small published package stands for the whole: `openai-loop`, sound from version 2.0.0 of it on, broken
 * before (`BROKEN`), and impossible to load at 1.0.0. It is installed in none of them itself.
 */
export async function writeVersionedRuntime(folder: string, name: string): Promise<string> {
  const path = await writeBrokenRuntime(folder, name)
  const adapter = await readFile(join(path, 'adapter.ts'), 'utf8')
  await writeFile(
    join(path, 'adapter.ts'),
    `${adapter.replace('export const runtime = { ...runtimeOf(broken)', 'const made = { ...runtimeOf(old ? broken : runLoop)')}
export const runtime = { ...made, version }
`.replace(
      /^/,
      `import { readFileSync } from 'node:fs'
const { version } = JSON.parse(readFileSync(new URL('node_modules/is-odd/package.json', import.meta.url), 'utf8'))
if (version === '1.0.0') throw new Error('1.0.0 cannot be loaded')
const old = Number(version[0]) < 2
`,
    ),
  )
  const manifest = { name, type: 'module', runtime: 'is-odd', dependencies: { 'is-odd': '0.0.0' } }
  await writeFile(join(path, 'package.json'), JSON.stringify(manifest))
  return path
}
