import type { Json } from '../../mocks/json.ts'
import type { Answer, Item } from '../../mocks/service/types.ts'
import { addCanaries } from '../plan/canary.ts'
import type { Conversation, Plan, Turn } from '../plan/types.ts'

/** Plans within all limits that take minutes on any runtime. */
export const longPlans: Readonly<Record<string, () => Plan>> = {
  '18,000 calls of tools in one run': () =>
    createPlan([[createTurn([...repeat(60, () => createCallAnswer(300)), createTextAnswer('Done.')])]]),
  '64 conversations of 15 turns': () =>
    createPlan(
      repeat(64, () =>
        repeat(15, () => createTurn([createCallAnswer(2), createTextAnswer('Good day to you.')])),
      ),
    ),
  '1,000 turns of one conversation': () =>
    createPlan([repeat(1_000, () => createTurn([createTextAnswer('Good day.')]))]),
}

/** Plans that reach a limit, but take only seconds. */
export const largePlans: Readonly<Record<string, () => Plan>> = {
  'results of tools of 1 MB': () =>
    createPlan(
      [repeat(2, () => createTurn([createCallAnswer(3), createCallAnswer(3), createTextAnswer('Done.')]))],
      {},
      'x'.repeat(1_000_000 - 40),
    ),
  '100,000 steps of delivery': () =>
    createPlan(
      [
        [createTurn([createTextAnswer('Good day.')])],
        [createTurn([createTextAnswer('Good day. '.repeat(100))])],
      ],
      {
        delivery: repeat(100_000, (step) => (step * 7) % 13),
      },
    ),
  '1,000 toggles of telemetry': () =>
    createPlan(
      repeat(8, () =>
        repeat(10, () => createTurn([createCallAnswer(2), createTextAnswer('Good day to you.')])),
      ),
      {
        mode: {
          start: 'off',
          toggles: repeat(1_000, (step) => ({
            step,
            to: (['on', 'off', 'sensitive'] as const)[step % 3] ?? 'on',
          })),
        },
      },
    ),
}

/** Returns a plan within all limits that is too large to be judged in a worker's memory. */
export function createTooHeavyPlan(): Plan {
  return createPlan([repeat(1_000, () => createTurn([createCallAnswer(3), createTextAnswer('Good day.')]))])
}

function repeat<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at))
}

function createTextAnswer(text: string): Answer {
  return { items: [{ type: 'text', text }] }
}

function createCallAnswer(count: number): Answer {
  return {
    items: repeat(count, (at): Item => ({ type: 'call', tool: 'look', args: { query: `query ${at}` } })),
  }
}

function createTurn(answers: Answer[]): Turn {
  return { say: 'Go on.', stream: true, answers, target: 'same', pull: 'same-context' }
}

function createPlan(conversations: Turn[][], more: Partial<Plan> = {}, result: Json = 'fine'): Plan {
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
