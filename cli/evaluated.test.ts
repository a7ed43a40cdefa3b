import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { run } from './testing/conform.ts'
import { readReport } from './testing/report.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const asked = ['--scenario', 'sessions', '--runs', '1', '--patience', '5', '--json', '-']

/** Returns code that writes a file when the code is evaluated. */
const leavesFile = (file: string) =>
  `globalThis.Function\`process.getBuiltinModule('fs').writeFileSync(${JSON.stringify(file)}, '')\`\`\``

it.each([
  ['options of import.meta.glob', (code: string) => `import.meta.glob('./*.none', { eager: !${code} })`],
  [
    'options of a worker',
    (code: string) =>
      `new Worker(new URL('./x.ts', import.meta.url), { type: ${code} ? 'module' : 'module' })`,
  ],
])('nothing of an adapter is evaluated in the process of the command: %s', async (_, write) => {
  const mark = join(folder, `mark-${Math.random()}`)
  await writeFile(join(folder, 'adapter.ts'), `export const evaluated = () => ${write(leavesFile(mark))}\n`)
  const { verdicts } = readReport(await run('--runtime', folder, ...asked, '--out', folder))
  expect(verdicts[0]?.reason).toContain('expected code that needs no bundler')
  expect(existsSync(mark)).toBe(false)
})

it('a pipe that an adapter imports does not hold the process of the command', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe.ts')])
  await writeFile(join(folder, 'adapter.ts'), "await import('./pipe.ts')\n")
  const { verdicts } = readReport(await run('--runtime', folder, ...asked, '--out', folder))
  expect(verdicts[0]?.reason).toContain('could not be loaded')
})
