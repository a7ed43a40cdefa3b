import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createPlainPlan } from '../testing/plans.ts'
import { buildReproCode } from './load-repro.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-repro-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function loading(text: string) {
  await writeFile(join(folder, 'repro.ts'), text)
  return buildReproCode(folder, createPlainPlan())
}

test('returns the packages and the source text for the plan, and undefined without a repro.ts', async () => {
  expect(await buildReproCode(folder, createPlainPlan())).toBeUndefined()
  const code = '(plan) => ({ imports: "import x", body: "// " + plan.seed, more: 1 })'
  expect(await loading(`export const repro = { packages: ['@scope/x'], code: ${code} }`)).toEqual({
    packages: ['@scope/x'],
    code: { imports: 'import x', body: '// plain' },
  })
})

const source = '() => ({ imports: "", body: "" })'

test.each([
  ['no export', 'export const other = 1', /^repro\.ts: export repro, code: found nothing/],
  [
    'code that throws',
    'export const repro = { packages: [], code() { throw new Error("no") } }',
    /^repro\.ts: no$/,
  ],
  ['a file that throws', 'throw new Error("at once")', /^repro\.ts: at once$/],
  ['no packages', `export const repro = { code: ${source} }`, /repro\.packages: found nothing/],
  [
    'a package that is none',
    `export const repro = { packages: [1], code: ${source} }`,
    /repro\.packages: found 1/,
  ],
  [
    'a package that a shell would run',
    `export const repro = { packages: ['x; rm -rf ~'], code: ${source} }`,
    /repro\.packages: found "x; rm -rf ~", expected the name of a package on npm/,
  ],
  [
    'a package of two lines',
    `export const repro = { packages: ['x\\ny'], code: ${source} }`,
    /repro\.packages: found "x\\ny"/,
  ],
  [
    'no body',
    'export const repro = { packages: [], code: () => ({ imports: "" }) }',
    /, body: found nothing/,
  ],
  [
    'imports that are none',
    'export const repro = { packages: [], code: () => ({ imports: {}, body: "" }) }',
    /imports/,
  ],
  ['nothing', 'export const repro = { packages: [], code: () => undefined }', /, imports: found nothing/],
])('a repro.ts with %s is told by name', async (_, text, message) => {
  await expect(loading(text)).rejects.toThrow(message)
})
