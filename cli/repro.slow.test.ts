import { execFileSync } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { BROKEN, writeBrokenRuntime } from './testing/broken-runtime.ts'
import { run, runUnder } from './testing/conform.ts'
import { installPackages, runFile } from './testing/repro.ts'

const root = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url))

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-repro-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a reproduction of a violation on @openai/agents', () => {
  it.each(['trace-left-open', 'conversation-left-with-a-call', 'agent-tool-traces-content'])(
    'shows %s with MSW and the SDK alone',
    async (known) => {
      const place = join(folder, known)
      const sdk = root('runtimes/openai-agents/repro.ts')
      await installPackages(place, sdk, ['msw', '@openai/agents', 'openai'])
      const file = join(place, 'repro.ts')
      const kept = root(`runtimes/openai-agents/known/${known}.json`)
      const { code, stderr } = await run('replay', kept, '--repro', file)
      expect([code, stderr]).toEqual([exitCodes.expected, ''])
      const text = await readFile(file, 'utf8')
      expect(text).toMatch(/^\/\/ openai-agents 0\.20\.0 violates /)
      expect(text).toMatch(/^\/\/ {3}npm install msw@\S+ @openai\/agents@0\.20\.0 openai@\S+$/m)
      const shown = await runFile(file)
      expect(shown.stdout).toContain('VIOLATED, as in the harness: ')
      expect(shown.code).toBe(1)
    },
  )
})

describe('a reproduction through an adapter', () => {
  it('shows the violation on the broken runtime, and shows none once it is mended', async () => {
    const out = join(folder, 'out')
    const broken = ['--runtime', 'reference+history-cut', '--scenario', 'concurrency']
    const few = ['--invariant', 'no-context-loss', '--runs', '40', '--seed', '1']
    const { code, stdout } = await run(...broken, ...few, '--out', out, '--repro')
    expect(code).toBe(exitCodes.violated)
    const [name = ''] = (await readdir(out)).filter((file) => file.endsWith('.repro.ts'))
    expect(stdout).toContain('Scripts that show the violations without the harness')
    expect(stdout).toContain(name)
    const file = join(out, name)
    await installPackages(out, root('cli/repro-files.ts'), [
      'msw',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/sdk-trace-base',
    ])
    const shown = await runFile(file)
    expect([shown.code, shown.stderr]).toEqual([1, ''])
    const mended = join(out, 'mended.ts')
    await writeFile(mended, (await readFile(file, 'utf8')).replace('runtimeOf(defect.parts)', 'runtimeOf()'))
    const after = await runFile(mended)
    expect(after.stdout).toContain('NOT VIOLATED: this run differs from the harness in requests')
    expect(after.code).toBe(0)
  })

  it('has the source text of the folder’s own repro.ts, which runs in a worker with a clean environment', async () => {
    const broken = await writeBrokenRuntime(folder, 'told')
    const seen = join(folder, 'seen.json')
    await writeFile(
      join(broken, 'repro.ts'),
      `import { writeFileSync } from 'node:fs'
writeFileSync(${JSON.stringify(seen)}, JSON.stringify({ env: process.env, parent: process.ppid }))
export const repro = { packages: [], code: () => ({ imports: '// its imports', body: '// its body' }) }
`,
    )
    await installPackages(broken, root('cli/repro-files.ts'), ['msw'])
    const args = ['--runtime', broken, '--scenario', 'stream-errors', '--invariant', BROKEN]
    const few = ['--runs', '20', '--seed', '1', '--out', join(folder, 'told-out'), '--repro']
    const again = () => runUnder({ A_SECRET: 'of the user' }, ...args, ...few)
    const { code } = await again()
    expect(code).toBe(exitCodes.violated)
    const { env, parent } = JSON.parse(await readFile(seen, 'utf8')) as {
      env: Record<string, string>
      parent: number
    }
    expect(env).not.toHaveProperty('A_SECRET')
    expect(env['HOME']).not.toBe(process.env['HOME'])
    // The command is a child of this process, the worker one of the command.
    expect(parent).not.toBe(process.pid)
    const [name = ''] = (await readdir(join(folder, 'told-out'))).filter((file) => file.endsWith('.repro.ts'))
    const file = join(folder, 'told-out', name)
    expect(await readFile(file, 'utf8')).toContain('// its body')
    // A pipe that somebody prepared at that name is replaced: opening it would block.
    await rm(file)
    execFileSync('mkfifo', [file])
    expect((await again()).code).toBe(exitCodes.violated)
    expect(await readFile(file, 'utf8')).toContain('// its body')
  })

  it('is none where the folder’s repro.ts is none, and says why', async () => {
    const broken = await writeBrokenRuntime(folder, 'untold')
    await writeFile(join(broken, 'repro.ts'), "export const repro = { packages: ['x; y'], code() {} }\n")
    const args = ['--runtime', broken, '--scenario', 'stream-errors', '--invariant', BROKEN]
    const few = ['--runs', '20', '--seed', '1', '--out', join(folder, 'untold-out'), '--repro']
    const { stdout } = await run(...args, ...few)
    expect(stdout).toContain('repro.ts, repro.packages: found "x; y", expected the name of a package on npm')
  })

  it('is none where the folder’s repro.ts throws, and the reason cannot command a terminal', async () => {
    const broken = await writeBrokenRuntime(folder, 'throws')
    await writeFile(join(broken, 'repro.ts'), "throw new Error('\\u001b]0;title\\u0007')\n")
    const args = ['--runtime', broken, '--scenario', 'stream-errors', '--invariant', BROKEN]
    const few = ['--runs', '20', '--seed', '1', '--out', join(folder, 'throws-out'), '--repro']
    const { stdout } = await run(...args, ...few)
    expect(stdout).toMatch(/ {2}no script: .*\\u001b\]0;title/)
    expect(stdout).not.toContain('\u001b]')
  })

  it('is refused where the plan violates nothing', async () => {
    const kept = root('scenarios/regressions/after-run-on-stream-error.json')
    const args = ['--runtime', 'reference', '--repro', join(folder, 'none.ts')]
    const { code, stderr } = await run('replay', kept, ...args)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('the plan violates nothing')
  })
})
