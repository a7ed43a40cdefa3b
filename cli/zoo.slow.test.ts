import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { formatPlan } from '../harness/plan/codec.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import { exitCodes } from './exit-codes.ts'
import { BROKEN } from './testing/broken-runtime.ts'
import { run, runUnder } from './testing/conform.ts'
import { writeVersionedRuntime } from './testing/versioned-runtime.ts'

it('every row of every runtime has its colour, in the environment of its version', async () => {
  const { code, stdout, stderr } = await run('zoo')
  expect(`${stderr}${stdout}`).toMatch(/\d+ rows passed\.\n$/)
  expect(code).toBe(exitCodes.expected)
}, 900_000)

it('a red row is found again with generated plans, but not what the version of the green row breaks too', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  const runtime = await writeVersionedRuntime(folder, 'versioned')
  await mkdir(join(runtime, 'zoo'))
  await writeFile(join(runtime, 'zoo', 'reset.json'), formatPlan(createPlainPlan({ kind: 'reset', at: 3 })))
  const row = {
    ...{ seed: 'one', scenario: 'stream-errors', plan: 'zoo/reset.json' },
    ...{ invariant: BROKEN, link: 'https://x.invalid' },
  }
  const red = { ...row, version: '0.1.2', colour: 'red' }
  const explore = async (version: string) => {
    const rows = [red, { ...row, version, colour: 'green' }]
    await writeFile(join(runtime, 'zoo.yaml'), JSON.stringify(rows))
    const asked = ['--runtime', runtime, '--explore', '--runs', '20', '--seed', '1']
    return runUnder({ CONFORM_CACHE: join(folder, 'cache') }, 'zoo', ...asked)
  }
  const found = await explore('3.0.1')
  expect(found.stdout).toMatch(
    /✓ versioned {2}0\.1\.2 compared with 3\.0\.1 .* found in plan \d+, shrunk to 1 conv/,
  )
  expect(found.code).toBe(exitCodes.expected)
  const shared = await explore('0.1.1')
  expect(shared.stdout).toMatch(/✗ versioned .* not found in \d+ plans?: holds\n/)
  expect(shared.code).toBe(exitCodes.violated)
})
