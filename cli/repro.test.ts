import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { exitCodes } from './exit-codes.ts'
import { run } from './testing/conform.ts'
import { installed, runFile } from './testing/repro.ts'

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
      await installed(place, sdk, ['msw', '@openai/agents', 'openai'])
      const file = join(place, 'repro.ts')
      const kept = root(`runtimes/openai-agents/known/${known}.json`)
      const { code, stderr } = await run('replay', kept, '--repro', file)
      expect([code, stderr]).toEqual([exitCodes.violated, ''])
      const text = await readFile(file, 'utf8')
      expect(text).toMatch(/^\/\/ openai-agents 0\.20\.0 breaks /)
      expect(text).toMatch(/^\/\/ {3}npm install msw@\S+ @openai\/agents@0\.20\.0 openai@\S+$/m)
      const shown = await runFile(file)
      expect(shown.stdout).toContain('VIOLATED, as the harness saw it: ')
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
    expect(stdout).toContain('The same without the harness')
    expect(stdout).toContain(name)
    const file = join(out, name)
    await installed(out, root('cli/repro-files.ts'), [
      'msw',
      '@opentelemetry/context-async-hooks',
      '@opentelemetry/sdk-trace-base',
    ])
    const shown = await runFile(file)
    expect([shown.code, shown.stderr]).toEqual([1, ''])
    const mended = join(out, 'mended.ts')
    await writeFile(mended, (await readFile(file, 'utf8')).replace('runtimeOf(defect.parts)', 'runtimeOf()'))
    const after = await runFile(mended)
    expect(after.stdout).toContain('Not as the harness saw it (requests')
    expect(after.code).toBe(0)
  })

  it('is refused where the plan violates nothing', async () => {
    const kept = root('scenarios/regressions/after-run-on-stream-error.json')
    const args = ['--runtime', 'reference', '--repro', join(folder, 'none.ts')]
    const { code, stderr } = await run('replay', kept, ...args)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('the plan violates nothing')
  })
})
