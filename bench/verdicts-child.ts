// Checks the reference runtime several times with one seed. Prints the SHA-256 of each list of verdicts. Started by
// verdicts.ts.
import { hash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Scenario } from '../harness/contract/scenario.ts'
import { judgeCase } from '../harness/explore/judge.ts'
import { buildCases, selectPromises } from '../harness/vitest/cases.ts'
import { createPlanRunner } from '../harness/vitest/run-plan.ts'
import { buildDefaults } from '../harness/vitest/settings.ts'
import { runtime } from '../runtimes/reference/adapter.ts'

const [seed = 1, runs = 10, times = 1] = process.argv.slice(2).map(Number)
const settings = { ...buildDefaults(new Date(0)), seed, runs }
const folder = fileURLToPath(new URL('../scenarios', import.meta.url))
const names = readdirSync(folder).flatMap((file) => /^([^.]+)\.ts$/.exec(file)?.[1] ?? [])
const scenarios = await Promise.all(
  names.map(async (name) => {
    const { default: scenario } = (await import(`../scenarios/${name}.ts`)) as { default: Scenario }
    return [name, scenario] as const
  }),
)

for (let time = 0; time < times; time++) {
  const verdicts = []
  for (const [name, scenario] of scenarios)
    for (const one of await buildCases(name, scenario, runtime, settings)) {
      const { run } = createPlanRunner({
        runtimeFor: () => runtime,
        transport: 'fetch',
        begin() {},
        journal: { execution() {}, sign() {} },
        fatal: [],
        mostLosses: Number.POSITIVE_INFINITY,
      })
      const judged = await judgeCase(runtime, one, {
        ...selectPromises(scenario, settings),
        known: [],
        replayed: new Map(),
        transport: 'fetch',
        run,
        runKnown: run,
        today: settings.today,
      })
      verdicts.push(...judged.verdicts)
    }
  console.log(hash('sha256', JSON.stringify(verdicts)))
}
