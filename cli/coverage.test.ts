import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { buildDefaults } from '../harness/vitest/settings.ts'
import { runtime } from '../runtimes/reference/adapter.ts'
import { listScenarioNames, loadScenario } from './scenarios/chosen.ts'
import { measureCoverage } from './scenarios/coverage.ts'
import { run } from './testing/conform.ts'

const { runs, seed } = buildDefaults(new Date(0))

const names = listScenarioNames()
const scenarios = await Promise.all(names.map(async (name) => ({ name, scenario: await loadScenario(name) })))
const generated = scenarios.flatMap(({ name, scenario }) => ('plans' in scenario ? [{ name, scenario }] : []))

describe(`${runs} plans, seed ${seed}, of the reference runtime`, () => {
  it('are those of six scenarios', () => {
    expect(generated.length).toBeGreaterThanOrEqual(6)
  })

  it.each(generated)(
    'of $name have every legal value and every legal pair, and nothing that is left out',
    ({ name, scenario }) => {
      const { gaps } = measureCoverage(name, scenario, runtime.supports, { runs, seed })
      expect(gaps).toMatchObject({ values: [], pairs: [], unexpected: [] })
    },
  )
})

describe('conform coverage', () => {
  it('prints the counts of each word and what is missing, and writes JSON', async () => {
    const json = join(await mkdtemp(join(tmpdir(), 'conform-test-')), 'coverage.json')
    const asked = ['--scenario', 'sessions', '--runs', '1', '--seed', '1', '--json', json]
    const { code, stdout, stderr } = await run('coverage', ...asked)
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^sessions \(1 plan\)\n {2}conversations +1 1\n/)
    expect(stdout).toMatch(/ {2}values: \d+ of \d+ legal; missing: .*; and \d+ more \(--json lists all\)\n/)
    expect(stdout).toContain('(runtime reference, seed 1, 1 plan per scenario)')
    expect(JSON.parse(await readFile(json, 'utf8'))).toMatchObject({
      schema: 1,
      runtime: 'reference',
      scenarios: [{ scenario: 'sessions', plans: 1, unexpected: [] }],
    })
  })

  it('refuses an adapter from outside the project, which must not run in the process of the command', async () => {
    const { code, stderr } = await run('coverage', '--runtime', './cli/testing/throws')
    expect([code, stderr]).toEqual([2, expect.stringContaining('--runtime: found "./cli/testing/throws"')])
  })
})
