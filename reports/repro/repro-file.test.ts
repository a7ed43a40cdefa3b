import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import { repro } from '../../runtimes/openai-agents/repro.ts'
import { buildAdapterCode } from './by-adapter.ts'
import { buildReproFile } from './repro-file.ts'
import { buildHostileCounterexample, buildHostileExchange, buildHostilePlan } from './testing/hostile.ts'

const HOSTILE = '*/ ` $' + '{process.exit(9)} \u2028 \u202e \' " \\ \n// fine'

const plan = buildHostilePlan(HOSTILE)
const { counterexample, ...promised } = buildHostileCounterexample(HOSTILE)

const told = {
  ...promised,
  counterexample: { ...counterexample, transport: 'fetch' as const },
  traffic: {
    exchanges: [buildHostileExchange(HOSTILE, '{}')],
    order: [0, 0, `stop ${HOSTILE}`],
    taken: {},
  },
  seen: {
    ...{ outcomes: { 'c0.t0': HOSTILE }, updates: {}, hooks: {}, requests: [] },
    ...{ spans: [], holding: [], stderr: false },
  },
  packages: ['msw@3.0.5'],
}

describe.each([
  ['as users of the SDK do', repro.code(plan)],
  ['through an adapter', buildAdapterCode(plan, '/a/runtime', undefined, '/a/results')],
])('a reproduction %s', (_, code) => {
  const text = buildReproFile({ ...told, code })

  it('is TypeScript, whatever stands in its texts', () => {
    expect(() => stripTypeScriptTypes(text)).not.toThrow()
  })

  it('has hostile texts in literals and comments only, where they are data', () => {
    expect(text).not.toMatch(/[\u2028\u202e]/)
    for (const line of text.split('\n').filter((line) => line.includes('process.exit(9)')))
      expect(line).toMatch(/^\/\/ |"[^"]*process\.exit\(9\)/)
  })
})
