import { stripTypeScriptTypes } from 'node:module'
import { describe, expect, it } from 'vitest'
import { plainPlan } from '../../harness/testing/plans.ts'
import { repro } from '../../runtimes/openai-agents/repro.ts'
import { codeByAdapter } from './by-adapter.ts'
import { reproFile } from './repro-file.ts'

const HOSTILE = '*/ ` $' + '{process.exit(9)} \u2028 \u202e \' " \\ \n// fine'

const plan = (() => {
  const { team, conversations, ...rest } = plainPlan({ kind: 'garbage', at: 1, data: HOSTILE })
  return {
    ...rest,
    team: team.map((agent) => ({ ...agent, instructions: HOSTILE })),
    conversations: conversations.map((one) => ({
      ...one,
      turns: one.turns.map((turn) => ({ ...turn, say: HOSTILE })),
    })),
  }
})()

const told = {
  counterexample: {
    schema: 1 as const,
    ...{ runtime: HOSTILE, version: '1.0.0', scenario: 'some', invariant: 'loud' },
    transport: 'fetch' as const,
    violations: [{ at: 0, message: HOSTILE }],
    ends: [],
    plan,
  },
  statement: 'Nothing is loud.',
  source: HOSTILE,
  traffic: {
    exchanges: [
      {
        ...{ method: 'POST', path: '/v1/responses', asked: '{}', status: 200 },
        headers: { 'content-type': HOSTILE },
        pieces: [HOSTILE, { base64: 'wyg=' }],
        end: 'done' as const,
      },
    ],
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
  ['through an adapter', codeByAdapter(plan, '/a/runtime', undefined, '/a/results')],
])('a reproduction %s', (_, code) => {
  const text = reproFile({ ...told, code })

  it('is TypeScript, whatever stands in its texts', () => {
    expect(() => stripTypeScriptTypes(text)).not.toThrow()
  })

  it('has hostile texts in literals and comments only, where they are data', () => {
    expect(text).not.toMatch(/[\u2028\u202e]/)
    for (const line of text.split('\n').filter((line) => line.includes('process.exit(9)')))
      expect(line).toMatch(/^\/\/ |"[^"]*process\.exit\(9\)/)
  })
})
