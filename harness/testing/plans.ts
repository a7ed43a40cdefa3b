import type { Fault } from '../../mocks/service/types.ts'
import type { Plan } from '../plan/types.ts'

/** Returns a plan of one streamed answer with these faults. */
export function createPlainPlan(...faults: Fault[]): Plan {
  return {
    schema: 1,
    seed: 'plain',
    team: [{ name: 'agent', instructions: 'canary-agent.0-0a1b2c3d', tools: [], handoffs: [] }],
    conversations: [
      {
        session: 'history',
        store: true,
        turns: [
          {
            say: 'canary-0.0.0-00000001',
            stream: true,
            target: 'same',
            pull: 'same-context',
            answers: [
              {
                items: [{ type: 'text', text: 'canary-0.0.1-00000002' }],
                ...(faults.length > 0 ? { faults } : {}),
              },
            ],
          },
        ],
      },
    ],
    delivery: [],
    mode: { start: 'on' },
  }
}
