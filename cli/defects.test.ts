import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { isWithin, readDefect } from '../harness/known/defect.ts'
import { type DefectResult, readDefects } from './scenarios/defects.ts'
import { type Ended, run } from './testing/conform.ts'

const reference = join(import.meta.dirname, '../runtimes/reference')
const planted = './cli/testing/planted-defects'

/** A defect is looked for in so many plans. */
const MOST = 300

function resultsIn({ stdout, stderr }: Ended): DefectResult[] {
  try {
    return (JSON.parse(stdout) as { defects: DefectResult[] }).defects
  } catch (error) {
    throw new Error(`${(error as Error).message}; stderr: ${stderr}; stdout: ${stdout.slice(0, 500)}`)
  }
}

const all = await readDefects(reference)

/** Every sixth defect, so that these tests stay short. The slow tests look for all of them. */
const defects = all.filter((_, place) => place % 6 === 0)

describe('the defects of the reference runtime', () => {
  it('are 150 at least, each told by its own file', () => {
    expect(all.length).toBeGreaterThanOrEqual(150)
    expect(new Set(all.map(({ does }) => does)).size).toBe(all.length)
  })
})

describe('conform defects', () => {
  let ended: Ended
  let results: DefectResult[]

  beforeAll(async () => {
    const asked = defects.flatMap(({ name }) => ['--defect', name])
    ended = await run('defects', ...asked, '--seed', '1', '--json', '-')
    results = resultsIn(ended)
  })

  it('ends with 0, having looked for those that were named', () => {
    expect(results.map(({ name }) => name)).toEqual(defects.map(({ name }) => name))
    expect([ended.code, ended.stderr]).toEqual([0, ''])
  })

  it.each(defects)('finds $name in $scenario, by a plan as small as its file says', ({ name, smallest }) => {
    const { result, plans, size, counterexample } = results.find((one) => one.name === name) as DefectResult
    expect([result, plans <= MOST]).toEqual(['found', true])
    expect(size).toSatisfy((found: typeof smallest) => isWithin(found, smallest))
    expect(counterexample).toMatchObject({ runtime: `reference+${name}` })
  })
})

describe('a defect that is not found as its file says', () => {
  const few = ['--runs', '20', '--seed', '1']

  it('ends with 1: it changes nothing, or shows itself only in a plan that is larger', async () => {
    const ended = await run('defects', '--runtime', planted, ...few, '--json', '-')
    expect(ended.code).toBe(1)
    expect(resultsIn(ended)).toMatchObject([
      { name: 'changes-nothing', result: 'not-found', plans: 20, size: null, counterexample: null },
      { name: 'larger-than-said', result: 'too-large', size: { conversations: 1, answers: 1 } },
    ])
  })

  it('is told with its scenario and the reason, and the seed in the last line', async () => {
    const { stdout } = await run('defects', '--runtime', planted, ...few)
    const [nothing, larger, , last] = stdout.split('\n')
    expect(nothing).toMatch(
      /^✗ changes-nothing +stream-errors +not found: no violation of no-leaked-spans with the cause "invoke_agent span, run failed" in 20 plans$/,
    )
    expect(larger).toMatch(/1 conversation, 1 answer; expected at most 1 conversation, 0 answers$/)
    expect(last).toBe('2 of 2 defects were not found as expected. (seed 1, at most 20 plans per defect)')
  })
})

describe('what is no defect', () => {
  it.each([
    ['--defect', 'none', 'found "none", expected one of changes-nothing, larger-than-said'],
    ['--runs', '0', '--runs: found "0", expected a whole number from 1'],
  ])('is refused: %s %s', async (option, value, message) => {
    const { code, stderr } = await run('defects', '--runtime', planted, option, value)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  const good = {
    name: 'a',
    scenario: 'b',
    breaks: 'c',
    cause: 'd',
    does: 'Does one thing in a wrong way.',
    smallest: { conversations: 1, answers: 0 },
  }

  it.each([
    [undefined, 'a.ts: ✖ Invalid input'],
    [{ ...good, does: 'no sentence' }, '→ at does'],
    [{ ...good, smallest: { conversations: 0, answers: 0 } }, '→ at smallest.conversations'],
    [{ ...good, name: 'b' }, 'a.ts: found the name b, expected the name of the file'],
  ])('is refused where its file is read: %o', (given, message) => {
    expect(() => readDefect(given, 'a.ts')).toThrow(message)
  })

  it('is read where it is one', () => {
    expect(readDefect({ ...good, source: 'a document', parts: () => ({}) }, 'a.ts')).toEqual({
      ...good,
      source: 'a document',
    })
  })
})
