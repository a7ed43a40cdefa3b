import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatPlan } from '../harness/plan/codec.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN } from './testing/broken-runtime.ts'
import { run, runUnder } from './testing/conform.ts'
import { writeVersionedRuntime } from './testing/versioned-runtime.ts'

let folder = ''
let runtime = ''
let plan = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  runtime = await writeVersionedRuntime(folder, 'versioned')
  plan = join(folder, 'plan.json')
  await writeFile(plan, formatPlan(createPlainPlan({ kind: 'reset', at: 3 })))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

function bisect(...more: string[]) {
  const asked = ['bisect', '--runtime', runtime, '--plan', plan, '--invariant', BROKEN]
  return runUnder({ CONFORM_CACHE: join(folder, 'cache') }, ...asked, ...more)
}

describe('conform bisect', () => {
  it('shows examples with files that exist', async () => {
    const { stdout } = await run('bisect', '--help')
    const files = [...stdout.matchAll(/--plan (\S+\.json)/g)].map(([, file]) => file as string)
    expect(files.length).toBeGreaterThan(0)
    expect(files.filter((file) => !existsSync(join(import.meta.dirname, '..', file)))).toEqual([])
  })

  it('names the border between the oldest and the newest version, and goes around what cannot be loaded', async () => {
    const { code, stdout } = await bisect()
    expect(code).toBe(exitCodes.expected)
    expect(stdout).toMatch(/^is-odd: \d+ versions/)
    expect(stdout).toMatch(/^\? 1\.0\.0 +untestable {2}.*1\.0\.0 cannot be loaded/m)
    expect(stdout).toMatch(/^✗ 0\.\S+ +bad {2}after-run-only-on-success: after_run fired/m)
    expect(stdout).toMatch(
      /\nThe last bad version is 0\.1\.2, the first good version is 2\.0\.0\. Versions between them that could not be tested: 1\.0\.0\.\n$/,
    )
  })

  it('says so where there is no border, also for machines', async () => {
    const { code, stdout } = await bisect('--good', '2.0.0', '--bad', '3.0.1', '--json', '-')
    expect(code).toBe(exitCodes.violated)
    expect(JSON.parse(stdout)).toMatchObject({
      schema: 1,
      bisect: { package: 'is-odd', only: 'good', tested: [{ version: '2.0.0' }, { version: '3.0.1' }] },
    })
  })

  it.each([
    [
      'a version that there is not',
      ['--good', '9.9.9'],
      /--good: found "9\.9\.9", expected a version of is-odd/,
    ],
    ['a plan and a scenario', ['--scenario', 'sessions'], /expected exactly one of them/],
    ['an invariant that there is not', ['--invariant', 'none'], /--invariant: found "none"/],
  ])('refuses %s', async (_, more, message) => {
    const { code, stderr } = await bisect(...more)
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toMatch(message)
  })

  it('refuses a runtime whose versions are not published', async () => {
    const { code, stderr } = await run('bisect', '--runtime', 'reference', '--scenario', 'sessions')
    expect(code).toBe(exitCodes.usage)
    expect(stderr).toContain('found reference, which names no package')
  })
})
