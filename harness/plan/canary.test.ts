import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Json } from '../../mocks/json.ts'
import { arbitraryPlans } from './arbitraries/plan.ts'
import { addCanaries, findCanaries } from './canary.ts'
import type { Plan } from './types.ts'

describe('the canaries of a plan', () => {
  it('are unique, one in each text', () => {
    fc.assert(
      fc.property(arbitraryPlans({ turns: { min: 1, max: 3 } }), (plan) => {
        const all = findCanaries(JSON.stringify(plan))
        // Equal calls of one answer share a canary.
        const shared = plan.conversations.flatMap(({ turns }) =>
          turns.flatMap(({ answers }) =>
            answers.flatMap(({ items }) => {
              const calls = items.flatMap((item) => (item.type === 'call' ? [JSON.stringify(item)] : []))
              return calls.filter((call, at) => calls.indexOf(call) < at && findCanaries(call).length > 0)
            }),
          ),
        )
        expect(new Set(all).size).toBe(all.length - shared.length)
        for (const text of textsOf(plan).filter((text) => text !== ''))
          expect(findCanaries(text), text).toHaveLength(1)
      }),
      { numRuns: 50 },
    )
  })

  it('contain their place, and keep the text after them', () => {
    const marked = addCanaries(nested)
    const [asking, asked] = marked.team
    const [turn] = marked.conversations[0]?.turns ?? []
    expect(asking?.instructions).toMatch(/^canary-agent\.0-[0-9a-f]{8} Ask\.$/)
    expect(asked?.instructions).toMatch(/^canary-agent\.1-[0-9a-f]{8}$/)
    expect(asked?.tools[0]?.does).toEqual([
      { kind: 'return', value: expect.stringMatching(/^canary-tool\.1\.0\.0-[0-9a-f]{8} sunny$/) },
      { kind: 'return', value: { degrees: 21 } },
      { kind: 'throw', message: expect.stringMatching(/^canary-tool\.1\.0\.2-[0-9a-f]{8} no such city$/) },
    ])
    expect(turn?.say).toMatch(/^canary-0\.0\.0-[0-9a-f]{8} Hello$/)
    expect(turn?.answers[0]?.items).toEqual([
      {
        type: 'call',
        tool: 'ask',
        args: { many: 2, value: expect.stringMatching(/^canary-0\.0\.1-[0-9a-f]{8} Oslo$/), other: 'x' },
      },
      { type: 'call', tool: 'ask', args: [] },
      { type: 'text', text: expect.stringMatching(/^canary-0\.0\.2-[0-9a-f]{8} There\.$/) },
    ])
  })
})

/** Returns every text of a plan that must have a canary. */
function textsOf({ team, conversations }: Plan): string[] {
  const turns = conversations.flatMap(({ turns }) => turns)
  const values = team.flatMap(({ tools }) => tools.flatMap(({ does }) => does))
  return [
    ...team.map(({ instructions }) => instructions),
    ...values.flatMap((act) => (act.kind === 'return' && typeof act.value === 'string' ? [act.value] : [])),
    ...turns.map(({ say }) => say),
    ...turns.flatMap(({ answers }) =>
      answers.flatMap(({ items }) =>
        items.flatMap((item) => {
          if (item.type === 'text' || item.type === 'refusal') return [item.text]
          return item.type === 'call' ? firstStrings(item.args) : []
        }),
      ),
    ),
  ]
}

function firstStrings(args: Json): string[] {
  const texts = Object.values(args as Record<string, Json>).filter((value) => typeof value === 'string')
  return texts.slice(0, 1)
}

const nested: Plan = {
  schema: 1,
  seed: 'seed',
  team: [
    {
      name: 'asking',
      instructions: 'Ask.',
      handoffs: [],
      tools: [{ name: 'ask', parameters: {}, does: [{ kind: 'agent', agent: 'asked' }] }],
    },
    {
      name: 'asked',
      instructions: '',
      handoffs: [],
      tools: [
        {
          name: 'weather',
          parameters: {},
          does: [
            { kind: 'return', value: 'sunny' },
            { kind: 'return', value: { degrees: 21 } },
            { kind: 'throw', message: 'no such city' },
          ],
        },
      ],
    },
  ],
  conversations: [
    {
      session: 'history',
      store: true,
      turns: [
        {
          say: 'Hello',
          stream: true,
          target: 'same',
          pull: 'same-context',
          answers: [
            {
              items: [
                { type: 'call', tool: 'ask', args: { many: 2, value: 'Oslo', other: 'x' } },
                { type: 'call', tool: 'ask', args: [] },
                { type: 'text', text: 'There.' },
              ],
            },
          ],
        },
      ],
    },
  ],
  delivery: [],
  mode: { start: 'on' },
}
