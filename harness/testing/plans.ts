import type { Fault } from '../../mocks/service/types.ts'
import type { Plan, SessionMode, Stop } from '../plan/types.ts'

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

/** Returns a plan of one streamed run that its consumer leaves. The harness keeps the rest of the answer back. */
export function createLeftPlan(stop: Stop, session: SessionMode = 'history'): Plan {
  return {
    schema: 1,
    seed: '00000001',
    team: [{ name: 'agent', instructions: 'canary-agent You are brief.', tools: [], handoffs: [] }],
    conversations: [
      {
        session,
        store: true,
        turns: [
          {
            say: 'canary-0.0.0-00000001 Hello?',
            stream: true,
            answers: [
              { items: [{ type: 'text', text: 'canary-0.0.1-00000002 Good day to you, and to all.' }] },
            ],
            target: 'same',
            pull: 'same-context',
            stop,
          },
        ],
      },
    ],
    delivery: [],
    mode: { start: 'on' },
  }
}
