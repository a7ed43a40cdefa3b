import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../harness/explore/verdict.ts'
import { type Defect, isWithin, measureSize } from '../../harness/known/defect.ts'
import type { Plan } from '../../harness/plan/types.ts'
import { UsageError } from '../exit-codes.ts'
import { buildResult, readDefects } from './defects.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'conform-test-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const defect: Defect = {
  name: 'mine',
  scenario: 'stream-errors',
  breaks: 'no-leaked-spans',
  cause: 'invoke_agent span, run failed',
  does: 'Leaves the span of each run open.',
  smallest: { conversations: 1, answers: 1 },
}

async function folderWith(files: Record<string, unknown>): Promise<string> {
  const own = await mkdtemp(join(folder, 'own-'))
  await mkdir(join(own, 'defects'))
  for (const [file, value] of Object.entries(files))
    await writeFile(join(own, 'defects', file), `export default ${JSON.stringify(value)}\n`)
  return own
}

describe('defectsIn', () => {
  it('reads every file of the folder that is no test', async () => {
    const other = { ...defect, name: 'another', source: 'a document', more: 1 }
    const own = await folderWith({ 'mine.ts': defect, 'another.ts': other, 'mine.test.ts': 'no defect' })
    const { more: _, ...read } = other
    expect(await readDefects(own)).toEqual([read, defect])
  })

  it.each([
    [{ ...defect, scenario: 'none' }, /^mine\.ts: scenario: found none, expected one of .*stream-errors/],
    [{ ...defect, breaks: 'none' }, /^mine\.ts: breaks: found none, expected the id of an invariant/],
    [{}, /^mine\.ts: ✖ /],
  ])('refuses what is none: %#', async (value, message) => {
    await expect(readDefects(await folderWith({ 'mine.ts': value }))).rejects.toThrow(message)
  })

  it.each([
    ['throws', "throw new Error('no\\nway')", 'mine.ts: cannot be loaded: no\\nway'],
    ['ends the process', 'process.exit(0)', 'mine.ts: the file ends the process or never loads'],
    ['kills the process', "process.kill(process.pid, 'SIGKILL')", 'mine.ts: the file ends the process'],
    ['says something else', "console.log('{}')", 'mine.ts: ✖ '],
    [
      "has none of the user's variables",
      'throw new Error(String(process.env.CONFORM_TEST_SECRET))',
      'undefined',
    ],
  ])('loads a file in a process of its own, and tells of one that %s', async (_, code, message) => {
    process.env['CONFORM_TEST_SECRET'] = 'secret'
    const own = await folderWith({})
    await writeFile(join(own, 'defects', 'mine.ts'), code)
    await expect(readDefects(own)).rejects.toThrow(message)
    delete process.env['CONFORM_TEST_SECRET']
  })

  it('is used wrongly where a runtime has none', async () => {
    await expect(readDefects(folder)).rejects.toThrow(UsageError)
  })
})

const answers = (...counts: number[]) =>
  counts.map((count) => ({ turns: [{ answers: Array.from({ length: count }, () => ({ items: [] })) }] }))

function planOf(...counts: number[]): Plan {
  return { conversations: answers(...counts) } as unknown as Plan
}

function verdictOf(verdict: Verdict['verdict'], more: Partial<Verdict> = {}): Verdict {
  return { verdict, plans: 7, ...more } as Verdict
}

const shownBy = (plan: Plan) => ({ counterexample: { plan } as NonNullable<Verdict['counterexample']> })

describe('resultOf', () => {
  it.each([
    [planOf(1), 'found'],
    [planOf(0), 'found'],
    [planOf(2), 'too-large'],
    [planOf(0, 0), 'too-large'],
  ] as const)('weighs the plan that shows it: %#', (plan, result) => {
    const told = buildResult(defect, verdictOf('violated', shownBy(plan)))
    expect(told).toMatchObject({ name: 'mine', result, plans: 7, size: measureSize(plan) })
    expect(isWithin(measureSize(plan), defect.smallest)).toBe(result === 'found')
  })

  it.each([
    ['holds', verdictOf('holds')],
    ['flaky', verdictOf('flaky', shownBy(planOf(1)))],
    ['the adapter: broken', verdictOf('harness-error', { reason: 'the adapter: broken' })],
    ['only if', verdictOf('violated', { ...shownBy({ ...planOf(1), service: {} }), reason: 'only if' })],
  ])('takes nothing for a proof that is none: %s', (reason, verdict) => {
    expect(buildResult(defect, verdict)).toMatchObject({ result: 'not-found', size: null, reason })
  })

  it('says where the scenario does not look for it', () => {
    const reason = 'the scenario stream-errors does not check no-leaked-spans'
    expect(buildResult(defect, undefined)).toMatchObject({ result: 'not-found', plans: 0, reason })
  })
})
