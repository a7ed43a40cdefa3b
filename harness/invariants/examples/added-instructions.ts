import { asked, said } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const ADDED = 'canary-0.0.1-00000001 Use short words.'
const begun = { ...said(RUN, 'hello there, agent'), adds: ADDED }
const body = { instructions: `Be brief.\n${ADDED}` }

export const addedInstructions: Record<string, Examples> = {
  'added-instructions-reach-their-run': {
    holds: [
      [begun, asked(1, RUN, [], { body }), asked(2, RUN, [], { body })],
      // A runtime may send instructions as a message. Then they stay in the conversation.
      [begun, asked(1, RUN, [{ role: 'developer', content: ADDED }])],
      [
        ...[begun, asked(1, RUN, [], { body }), said('c0.t1', 'next')],
        asked(2, 'c0.t1', [{ role: 'developer', content: ADDED }]),
      ],
      // The agent was called as a tool.
      [begun, asked(1, RUN, [], { body }), asked(2, RUN, [], { nested: true })],
    ],
    breaks: [
      {
        history: [begun, asked(1, RUN)],
        says: 'request 1 lacks the instructions that a context provider added to run c0.t0',
        cause: 'added instructions missing in the first request',
      },
      {
        history: [begun, asked(1, RUN, [], { body }), asked(2, RUN)],
        says: 'request 2 lacks the instructions',
        cause: 'added instructions missing in a later request',
      },
      {
        history: [begun, asked(1, RUN, [], { body }), said('c1.t0', 'hi'), asked(2, 'c1.t0', [], { body })],
        says: 'request 2 of run c1.t0 has the instructions that a context provider added to run c0.t0',
        cause: 'added instructions of another run',
      },
    ],
  },
}
