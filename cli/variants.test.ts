import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readVariant } from '../harness/known/variant.ts'
import { readDefects } from './scenarios/defects.ts'
import { readVariants, type VariantResult } from './scenarios/variants.ts'
import { type Ended, run } from './testing/conform.ts'

const reference = join(import.meta.dirname, '../runtimes/reference')
const planted = './cli/testing/planted-defects'

const variants = await readVariants(reference)

function readResults({ stdout, stderr }: Ended): VariantResult[] {
  try {
    return (JSON.parse(stdout) as { variants: VariantResult[] }).variants
  } catch (error) {
    throw new Error(`${(error as Error).message}; stderr: ${stderr}; stdout: ${stdout.slice(0, 500)}`)
  }
}

describe('the variants of the reference runtime', () => {
  it('are 25 at least, each told by its own file, and none has the name of a defect', async () => {
    expect(variants.length).toBeGreaterThanOrEqual(25)
    expect(new Set(variants.map(({ does }) => does)).size).toBe(variants.length)
    const defects = (await readDefects(reference)).map(({ name }) => name)
    expect(variants.filter(({ name }) => defects.includes(name))).toEqual([])
  })
})

describe('conform variants', () => {
  let ended: Ended
  let results: VariantResult[]

  // The slow tests run more plans, all scenarios and the recordings.
  beforeAll(async () => {
    ended = await run('variants', '--scenario', 'handoff-cycles', '--runs', '1', '--seed', '1', '--json', '-')
    results = readResults(ended)
  })

  it('ends with 0, having run all of them', () => {
    expect(results.map(({ name }) => name)).toEqual(variants.map(({ name }) => name))
    expect([ended.code, ended.stderr]).toEqual([0, ''])
  })

  it.each(variants)('finds no broken must with $name', ({ name }) => {
    const { violated, findings, plans } = results.find((one) => one.name === name) as VariantResult
    const musts = findings.filter(({ level }) => level === 'must')
    expect([violated, musts.map(({ message }) => message)]).toEqual([[], []])
    // The two cases of the scenario, and a generated plan.
    expect(plans).toBeGreaterThanOrEqual(3)
  })
})

describe('a variant that breaks a rule', () => {
  it('ends with 1, with the rule, the cause and the plan that shows it', async () => {
    const file = join(await mkdtemp(join(tmpdir(), 'conform-test-')), 'variants.json')
    const asked = ['--runtime', planted, '--scenario', 'stream-errors', '--runs', '5', '--seed', '1']
    const { code, stdout } = await run('variants', ...asked, '--json', file)
    expect(code).toBe(1)
    expect(stdout).toMatch(/^✗ not-legal {2}\d+ plans, violated: no-leaked-spans/)
    expect(stdout).toMatch(/no-leaked-spans in stream-errors: invoke_agent span, run failed: /)
    expect(stdout).toContain('1 of 1 variant: a must is violated. (seed 1, 5 plans per scenario)')
    const { variants } = JSON.parse(await readFile(file, 'utf8')) as { variants: VariantResult[] }
    expect(variants).toMatchObject([{ name: 'not-legal', violated: ['no-leaked-spans'] }])
    expect(variants[0]?.findings[0]?.counterexample).toMatchObject({ runtime: 'planted-defects+not-legal' })
    await rm(dirname(file), { recursive: true })
  })
})

describe('what is no variant', () => {
  it.each([
    ['--variant', 'none', 'found "none", expected one of not-legal'],
    ['--runs', '0', '--runs: found "0", expected a whole number from 1'],
    ['--runtime', './cli/testing/throws', 'expected a folder of variants'],
  ])('is refused: %s %s', async (option, value, message) => {
    const { code, stderr } = await run('variants', '--runtime', planted, option, value)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })

  const good = { name: 'a', does: 'Does one thing in another way.', source: 'https://example.org' }

  it.each([
    [undefined, 'a.ts: ✖ Invalid input'],
    [{ ...good, source: '' }, '→ at source'],
    [{ ...good, declares: { without: [] } }, '→ at declares.without'],
    [{ ...good, name: 'b' }, 'a.ts: found the name b, expected the name of the file'],
  ])('is refused where its file is read: %o', (given, message) => {
    expect(() => readVariant(given, 'a.ts')).toThrow(message)
  })

  it('is read where it is one', () => {
    const declares = { without: ['semconv'], retries: { most: 0, docs: 'Nothing is repeated.' } }
    expect(readVariant({ ...good, declares, parts: () => ({}) }, 'a.ts')).toEqual({ ...good, declares })
  })
})
