import { ended, hook, said } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const begun = { ...said(RUN, 'hello there, agent'), cleanups: 2 as const }
const first = hook(RUN, 'cleanup')
const second = { ...first, second: true as const }
const done = ended(RUN, 'completed')

export const secondCleanups: Record<string, Examples> = {
  'each-cleanup-fires': {
    holds: [
      [begun, first, second, done],
      { history: [begun, done], unexercised: true },
      { history: [said(RUN, 'hello there, agent'), first, done], unexercised: true },
    ],
    breaks: [
      {
        history: [begun, hook(RUN, 'cleanup', { threw: true }), done],
        says: 'the second cleanup hook of run c0.t0 fired 0 times, expected 1 as the first one',
        cause: 'second cleanup missing',
      },
      {
        history: [begun, first, second, second, done],
        says: 'the second cleanup hook of run c0.t0 fired 2 times, expected 1',
        cause: 'second cleanup repeated',
      },
    ],
  },
}
