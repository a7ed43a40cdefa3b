import { asked, ended, mode, said, spanEnd, spanStart } from './events.ts'
import type { Examples } from './types.ts'

const RUN = 'c0.t0'
const done = ended(RUN, 'completed')
const begun = [mode('on'), said(RUN, 'hello there, agent')]
/** A run that begins after telemetry was switched on. */
const switchedOn = [mode('off'), mode('on'), said(RUN, 'hello there, agent'), asked(1, RUN)]

export const telemetryModes: Record<string, Examples> = {
  'off-means-no-spans': {
    holds: [
      [mode('off'), said(RUN, 'hello there, agent'), asked(1, RUN), done],
      [mode('off'), mode('on'), spanStart('a'), spanEnd('a')],
      // The run began while telemetry was on.
      [...begun, mode('off'), spanStart('a'), spanEnd('a')],
      [...begun, spanStart('a'), spanEnd('a')],
    ],
    breaks: [
      {
        history: [mode('off'), said(RUN, 'hello there, agent'), spanStart('a'), spanEnd('a')],
        says: 'span "a" was started while telemetry is off',
      },
      {
        history: [...begun, done, mode('off'), said('c0.t1', 'and now?'), spanStart('b')],
        says: 'span "b" was started while telemetry is off',
      },
    ],
  },
  'on-means-spans': {
    holds: [
      [...switchedOn, spanStart('a'), spanEnd('a'), done],
      // Telemetry was off again before the run ended.
      { history: [...switchedOn, mode('off'), done], unexercised: true },
      // The run began before.
      { history: [mode('off'), said(RUN, 'hi'), mode('on'), asked(1, RUN), done], unexercised: true },
      { history: [...begun, asked(1, RUN), done], unexercised: true },
    ],
    breaks: [
      {
        history: [...switchedOn, done],
        says: 'run c0.t0 began after telemetry was switched on, but has no span',
        cause: 'no span after telemetry was switched on',
      },
    ],
  },
}
