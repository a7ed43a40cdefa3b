import { asked, ended, said, stopped, toolEnd, toolStart } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const REPORT = 'canary-tool.0.0.0-0a1b2c3d It rains.'
const begun = [
  said(RUN, 'hello there, agent'),
  asked(1, RUN),
  toolStart(RUN, 'call_1'),
  stopped(RUN, 'abort'),
]
const over = ended(RUN, 'stopped')
const late = toolEnd(RUN, 'call_1', { result: REPORT })
const next = (output: string) =>
  asked(2, 'c0.t1', [{ type: 'function_call_output', call_id: 'call_1', output }])

export const lateResults: Record<string, Examples> = {
  'late-results-go-nowhere': {
    holds: [
      [...begun, over, late, asked(2, 'c0.t1')],
      // The runtime keeps the call, and words its output itself.
      [...begun, over, late, next('The run was stopped.')],
      // The run waited for its tool, and may keep what it gave.
      [...begun, late, over, next(REPORT)],
    ],
    breaks: [
      {
        history: [...begun, over, late, next(REPORT)],
        says: 'request 2 has what get_weather gave after run c0.t0 had ended',
        cause: 'late result in a request',
      },
      {
        history: [
          ...begun,
          over,
          said('c1.t0', 'hello'),
          late,
          { kind: 'update', run: 'c1.t0', update: { kind: 'text', text: REPORT } },
        ],
        says: 'run c1.t0 delivers what get_weather gave after run c0.t0 had ended',
        cause: 'late result in an update',
      },
    ],
  },
}
