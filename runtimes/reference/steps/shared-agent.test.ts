import { beforeAll, describe, expect, it, vi } from 'vitest'
import { filterEvents, type History } from '../../../harness/contract/events.ts'
import { execute } from '../../../harness/execute/execute.ts'
import { listSpans, readOperation, type Span } from '../../../harness/history/spans.ts'
import { invariants } from '../../../harness/invariants/index.ts'
import type { Plan, Turn } from '../../../harness/plan/types.ts'
import { runtime } from '../adapter.ts'

const turn: Turn = {
  say: 'What is the weather?',
  stream: true,
  answers: [
    { items: [{ type: 'call', tool: 'get_weather', args: {} }] },
    { items: [{ type: 'text', text: 'It is sunny.' }] },
  ],
  target: 'same',
  pull: 'new-context-per-pull',
}

/**
 * Two users share one agent; each run calls its tool once. The deliveries take turns, so that both runs are past their
 * first step, and wait for their tool's result, before either goes on.
 */
const twoRuns: Plan = {
  schema: 1,
  seed: 'two runs of one agent',
  team: [
    {
      name: 'agent',
      instructions: 'Be brief.',
      tools: [
        {
          name: 'get_weather',
          parameters: { type: 'object', properties: {} },
          does: [{ kind: 'return', value: 'sunny', gated: true }],
        },
      ],
      handoffs: [],
    },
  ],
  conversations: [
    { session: 'history', store: true, turns: [turn] },
    { session: 'history', store: true, turns: [turn] },
  ],
  delivery: Array.from({ length: 60 }, (_, step) => step % 2),
  mode: { start: 'on' },
}

function under(spans: readonly Span[], root: Span | undefined): string[] {
  return spans.filter((span) => span !== root && span.root === root).map(readOperation)
}

describe('two runs of one agent, both past their first step before either goes on', () => {
  let history: History
  let spans: readonly Span[]

  beforeAll(async () => {
    vi.stubEnv('NODE_ENV', 'production')
    history = await execute(runtime, twoRuns, { transport: 'fetch' })
    spans = listSpans(history)
  })

  it('have both begun their second step after both had ended their first', () => {
    const steps = spans.filter((span) => readOperation(span) === 'react')
    const first = steps.slice(0, 2).map(({ ended }) => history.indexOf(ended as History[number]))
    const tools = filterEvents(history, 'tool.start').map((event) => history.indexOf(event))
    expect(Math.max(...tools)).toBeLessThan(Math.min(...first))
  })

  it('have 2 agent, 4 step, 4 chat and 2 tool spans, all of them ended', () => {
    const counts = Object.groupBy(spans, readOperation)
    expect(Object.fromEntries(Object.entries(counts).map(([of, them]) => [of, them?.length]))).toEqual({
      invoke_agent: 2,
      react: 4,
      chat: 4,
      execute_tool: 2,
    })
    expect(spans.filter(({ ended }) => ended === undefined)).toEqual([])
  })

  it('each have their own tree whole: 2 steps, 2 chats, 1 tool', () => {
    const roots = spans.filter((span) => readOperation(span) === 'invoke_agent')
    expect(new Set(roots.map(({ started }) => started.conversation))).toEqual(new Set([0, 1]))
    for (const root of roots) {
      expect(under(spans, root).sort()).toEqual(['chat', 'chat', 'execute_tool', 'react', 'react'])
      const own = spans.filter((span) => span.root === root)
      expect(new Set(own.map(({ started }) => started.conversation)).size).toBe(1)
      const steps = new Set(
        own.filter((span) => readOperation(span) === 'react').map(({ started }) => started.span),
      )
      for (const { started } of own.filter((span) => ['chat', 'execute_tool'].includes(readOperation(span))))
        expect(steps).toContain(started.parent)
    }
  })

  it('registered the hooks once, and gave them back', () => {
    const told = filterEvents(history, 'registration').filter(({ at }) => at !== 'release')
    expect(told.map(({ at }) => at)).toEqual([...Array(4).fill('register'), ...Array(4).fill('remove')])
  })

  it('break no promise', () => {
    expect(invariants.flatMap((invariant) => invariant.check(history, twoRuns))).toEqual([])
  })
})
