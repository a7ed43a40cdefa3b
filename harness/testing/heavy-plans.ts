import type { Json } from '../../mocks/json.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'
import { addCanaries } from '../plan/canary.ts'
import type { Conversation, Plan, Turn } from '../plan/types.ts'

/** Plans within all limits that take minutes to run and to judge, on any runtime. */
export const longPlans: Readonly<Record<string, () => Plan>> = {
  '18,000 calls of tools in one run': () =>
    planOf([[turnOf([...times(60, () => calls(300)), says('Done.')])]]),
  '64 conversations of 15 turns': () =>
    planOf(times(64, () => times(15, () => turnOf([calls(2), says('Good day to you.')])))),
  '1,000 turns of one conversation': () => planOf([times(1_000, () => turnOf([says('Good day.')]))]),
}

/** Plans that are at a limit, and yet take seconds only. */
export const largePlans: Readonly<Record<string, () => Plan>> = {
  'results of tools of 1 MB': () =>
    planOf([times(2, () => turnOf([calls(3), calls(3), says('Done.')]))], {}, 'x'.repeat(1_000_000 - 40)),
  '100,000 steps of delivery': () =>
    planOf([[turnOf([says('Good day.')])], [turnOf([says('Good day. '.repeat(100))])]], {
      delivery: times(100_000, (step) => (step * 7) % 13),
    }),
  '1,000 toggles of telemetry': () =>
    planOf(
      times(8, () => times(10, () => turnOf([calls(2), says('Good day to you.')]))),
      {
        mode: {
          start: 'off',
          toggles: times(1_000, (step) => ({
            step,
            to: (['on', 'off', 'sensitive'] as const)[step % 3] ?? 'on',
          })),
        },
      },
    ),
}

/** A plan within all limits that no worker has the memory to judge. */
export function tooHeavyPlan(): Plan {
  return planOf([times(1_000, () => turnOf([calls(3), says('Good day.')]))])
}

function times<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at))
}

function says(text: string): Answer {
  return { items: [{ type: 'text', text }] }
}

function calls(count: number): Answer {
  return {
    items: times(count, (at): Item => ({ type: 'call', tool: 'look', args: { query: `query ${at}` } })),
  }
}

function turnOf(answers: Answer[]): Turn {
  return { say: 'Go on.', stream: true, answers, target: 'same', pull: 'same-context' }
}

function planOf(conversations: Turn[][], more: Partial<Plan> = {}, result: Json = 'fine'): Plan {
  const parameters = { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] }
  const look = { name: 'look', parameters, does: [{ kind: 'return' as const, value: result }] }
  return addCanaries({
    schema: 1,
    seed: '0000beef',
    team: [{ name: 'agent', instructions: 'Be brief.', tools: [look], handoffs: [] }],
    conversations: conversations.map((turns): Conversation => ({ session: 'history', store: true, turns })),
    delivery: [],
    mode: { start: 'on' },
    ...more,
  })
}
