import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { listSources, mutateRuntime } from './make-mutants.ts'
import { formatKey } from './mutant.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function write(files: Record<string, string>) {
  for (const [file, text] of Object.entries(files)) {
    await mkdir(join(folder, file, '..'), { recursive: true })
    await writeFile(join(folder, file), text)
  }
}

test('tests, defects, variants and test helpers are not mutated', async () => {
  const left = ['a.test.ts', 'defects/b.ts', 'variants/c.ts', 'testing/d.ts', 'node_modules/e/f.ts', 'g.md']
  await write(Object.fromEntries(['adapter.ts', 'parts/h.ts', ...left].map((file) => [file, ''])))
  expect(listSources(folder)).toEqual(['adapter.ts', 'parts/h.ts'])
})

test('a mutant has the texts of its place, and another key than every other mutant', async () => {
  await write({ 'a.ts': 'export function isBoth(a: number, b: number) {\n  return a > 0 && b > 0\n}\n' })
  const { mutants, sources } = await mutateRuntime(folder)
  expect(Object.keys(sources)).toEqual(['a.ts'])
  expect(sources['a.ts']).toContain('stryMutAct')
  expect(mutants).toContainEqual(
    expect.objectContaining({
      file: 'a.ts',
      line: 2,
      text: 'return a > 0 && b > 0',
      original: 'a > 0',
      mutated: 'a >= 0',
      nth: 1,
    }),
  )
  expect(new Set(mutants.map(formatKey)).size).toBe(mutants.length)
})

test('the key of a mutant stays the same if its line moves', async () => {
  const code = 'export const isPositive = (a: number) => a > 0\n'
  await write({ 'a.ts': code })
  const before = (await mutateRuntime(folder)).mutants.map(formatKey)
  await write({ 'a.ts': `// A comment.\n\n${code}` })
  expect((await mutateRuntime(folder)).mutants.map(formatKey)).toEqual(before)
})
