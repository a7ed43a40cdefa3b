import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capability } from '../harness/contract/runtime.ts'
import { arbitraryPlans } from '../harness/plan/arbitraries/plan.ts'
import type { Plan } from '../harness/plan/types.ts'
import { createPlainPlan } from '../harness/testing/plans.ts'
import type { Fault } from '../mocks/service/types.ts'
import { formatPlan } from './plan-script.ts'

const supports = new Set<Capability>([
  ...(['stream', 'tools', 'parallel-tools', 'agent-tool', 'history', 'previous-response'] as const),
  ...(['same-context', 'final-only', 'abort', 'return', 'drop', 'after_run'] as const),
])
const any = arbitraryPlans({
  supports,
  spoiled: 40,
  stopped: 30,
  broken: 20,
  throwing: 20,
  modes: ['on', 'off'],
})
// biome-ignore lint/suspicious/noControlCharactersInRegex: what must not come through
const hostile = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** The plan with a text in every place where a plan's file may have one. */
function saying(plan: Plan, text: string): Plan {
  return JSON.parse(JSON.stringify(plan), (key, value: unknown) =>
    ['say', 'text', 'message', 'data', 'code', 'reason', 'name', 'tool', 'agent', 'value'].includes(key) &&
    typeof value === 'string'
      ? text
      : value,
  ) as Plan
}

describe('planScript', () => {
  it('has a line for every conversation, turn and answer, and none that is hostile', () => {
    const texts = fc.string({ unit: fc.constantFrom('\u001b', '[2J', '\n', '\r', '\u202e', '\u0007', 'a') })
    fc.assert(
      fc.property(any, texts, (plan, text) => {
        const lines = formatPlan(saying(plan, text))
        for (const line of lines) expect(line).not.toMatch(hostile)
        const turns = plan.conversations.flatMap(({ turns }) => turns)
        const count = (pattern: RegExp) => lines.filter((line) => pattern.test(line)).length
        expect(count(/^conversation \d+ \(/)).toBe(plan.conversations.length)
        expect(count(/^ {2}turn \d+, /)).toBe(turns.length)
        expect(count(/^ {4}user: "/)).toBe(turns.length)
        expect(count(/^ {4}model/)).toBe(turns.flatMap(({ answers }) => answers).length)
      }),
    )
  })

  it('says of a conversation how it is carried, and that it has a thread of its own', () => {
    const plan = createPlainPlan()
    const [conversation] = plan.conversations as [Plan['conversations'][0]]
    const headOf = (more: Partial<typeof conversation>) =>
      formatPlan({ ...plan, conversations: [{ ...conversation, ...more }] })[0]
    expect(headOf({})).toBe('conversation 0 (history)')
    expect(headOf({ store: false, as: 'thread' })).toBe('conversation 0 (history, store: false, in a thread)')
  })

  it('keeps every line short, however long the texts are', () => {
    const [line] = formatPlan(saying(createPlainPlan(), 'x'.repeat(100_000))).filter((one) =>
      one.includes('user:'),
    )
    expect(line?.length).toBeLessThan(200)
    expect(line).toContain('(100000 characters)')
  })

  it.each<[Fault, string]>([
    [{ kind: 'http', status: 503, code: 'busy' }, 'HTTP 503 busy'],
    [{ kind: 'refuse-connection' }, 'connection refused'],
    [{ kind: 'error-event', at: 2, form: 'flat', code: 'x' }, 'error event (flat, x) after 2 events'],
    [{ kind: 'failed', at: 2, code: 'x' }, 'response.failed (x) after 2 events'],
    [{ kind: 'incomplete', at: 2, reason: 'x' }, 'response.incomplete (x) after 2 events'],
    [{ kind: 'eof', at: 0 }, 'stream ends after 0 events'],
    [{ kind: 'reset', at: 1 }, 'connection lost after 1 event'],
    [{ kind: 'stall', at: 1 }, 'no further event after 1 event'],
    [{ kind: 'garbage', at: 1, data: '\u001bx' }, 'invalid event "\\u001bx" after 1 event'],
  ])('says what goes wrong and where: %o', (fault, text) => {
    expect(formatPlan(createPlainPlan(fault)).join('\n')).toContain(`[attempt 0: ${text}]`)
  })

  it('says who may hand off to whom, when a turn ends, and where agents are built anew', () => {
    const { conversations, ...plan } = createPlainPlan()
    const agent = (name: string, handoffs: string[]) => ({ name, instructions: name, tools: [], handoffs })
    const [conversation] = conversations as [(typeof conversations)[number]]
    const turns = conversation.turns.map((turn) => ({ ...turn, target: 'fresh-workflow' as const }))
    const lines = formatPlan({
      ...plan,
      team: [agent('a', ['b', 'c']), agent('b', ['a']), agent('c', [])],
      conversations: [{ ...conversation, turns }],
      flow: { turnLimits: { a: 2, b: 1 }, endAfter: { agent: 'a', messages: 3 } },
    })
    expect(lines.slice(0, 4)).toEqual([
      'agent a may hand off to b, c',
      'agent b may hand off to a',
      'maximum answers in a row: a 2, b 1',
      'the run ends after 3 messages of a',
    ])
    expect(lines).toContain('  turn 0, streamed, agents are rebuilt before it')
  })
})
