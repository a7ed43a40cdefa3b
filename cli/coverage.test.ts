import { mkdtemp, readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { splitPair } from '../harness/plan/coverage/label.ts'
import { buildDefaults } from '../harness/vitest/settings.ts'
import { runtime } from '../runtimes/reference/adapter.ts'
import { listScenarioNames, loadScenario } from './scenarios/chosen.ts'
import { measureCoverage } from './scenarios/coverage.ts'
import { run } from './testing/conform.ts'

const { runs, seed } = buildDefaults(new Date(0))

/** Legal values that no generator draws so far. If one is drawn, remove it here. */
const NOT_DRAWN = [
  'item: refusal',
  // A canary is written into each of these texts.
  'neighbours: call, equal call',
  'arguments of a call: an empty text',
  'result of a tool: ""',
  'option of the service: reasoningAloneUnstored',
  'option of the service: nullStatusOfCall',
]

/** Values that so few drawn plans have that some of their pairs can be missing. */
const TOO_RARE = ['action of a tool: hang']

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
      const { universe, gaps } = measureCoverage(name, scenario, runtime.supports, { runs, seed })
      expect(gaps.values).toEqual(
        NOT_DRAWN.filter((label) => universe.values.has(label)).sort(byOrder(universe)),
      )
      expect(gaps.pairs.filter((pair) => !splitPair(pair).some((label) => TOO_RARE.includes(label)))).toEqual(
        [],
      )
      expect(gaps.unexpected).toEqual([])
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

/** Returns an order of labels: that of the universe. */
function byOrder({ values }: { values: ReadonlySet<string> }) {
  const order = [...values]
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b)
}
