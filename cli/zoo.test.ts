import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { formatPlan } from '../harness/plan/codec.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN } from './testing/broken-runtime.ts'
import { runUnder } from './testing/conform.ts'
import { writeVersionedRuntime } from './testing/versioned-runtime.ts'

let folder = ''
let runtime = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  runtime = await writeVersionedRuntime(folder, 'versioned')
  await mkdir(join(runtime, 'zoo'))
  await writeFile(join(runtime, 'zoo', 'reset.json'), formatPlan(createPlainPlan({ kind: 'reset', at: 3 })))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const row = {
  seed: 'one',
  scenario: 'stream-errors',
  plan: 'zoo/reset.json',
  invariant: BROKEN,
  link: 'https://x.invalid',
}
const red = { ...row, version: '0.1.2', colour: 'red' }
const green = { ...row, version: '3.0.1', colour: 'green' }

async function zoo(rows: readonly object[], ...more: string[]) {
  await writeFile(join(runtime, 'zoo.yaml'), JSON.stringify(rows))
  return runUnder({ CONFORM_CACHE: join(folder, 'cache') }, 'zoo', '--runtime', runtime, ...more)
}

describe('conform zoo', () => {
  it('ends with 0 where one plan is red and green as the rows say, each on its version', async () => {
    const { code, stdout } = await zoo([red, green], '--json', '-')
    const told = JSON.parse(stdout) as { schema: number; zoo: object[]; faults: string[] }
    expect(told.faults).toEqual([])
    expect(told.schema).toBe(1)
    expect(told.zoo).toMatchObject([
      { runtime: 'versioned', version: '0.1.2', result: 'as-said', violated: [BROKEN] },
      { runtime: 'versioned', version: '3.0.1', result: 'as-said', violated: [] },
    ])
    expect(code).toBe(exitCodes.expected)
  })

  it('ends with 1 where a colour has changed, and tells what is seen in its place', async () => {
    const { code, stdout } = await zoo([
      { ...red, colour: 'green' },
      { ...green, colour: 'red' },
      { ...green, seed: 'two', others: ['no-leaked-spans'] },
    ])
    expect(code).toBe(exitCodes.violated)
    expect(stdout).toMatch(
      /✗ versioned {2}0\.1\.2 {2}one {2}green .*\n +changed: after-run-only-on-success is violated: after_run/,
    )
    expect(stdout).toMatch(/✗ versioned {2}3\.0\.1 {2}one {2}red .*\n +changed: .* is not violated: holds/)
    expect(stdout).toMatch(/changed: no-leaked-spans is not violated: holds/)
    expect(stdout).toMatch(/3 of 3 rows failed\.\n$/)
  })

  it('runs the rows that are asked for, and refuses one that there is not', async () => {
    const { stdout } = await zoo([red, { ...green, seed: 'two' }], '--row', 'two@3.0.1')
    expect(stdout).toContain('1 row passed.')
    const { code, stderr } = await zoo([red], '--row', 'three')
    expect([code, stderr]).toEqual([
      exitCodes.usage,
      expect.stringContaining('expected one of one, one@0.1.2'),
    ])
  })

  it('tells the file and the place of a row that is none', async () => {
    const { stderr } = await zoo([{ ...red, colour: 'blue' }])
    expect(stderr).toMatch(/zoo\.yaml: \$\[0\]\.colour: found "blue"/)
  })
})
