import type { HistoryEvent } from '../../contract/events.ts'
import { ended, noise, said } from './events.ts'
import type { Examples } from './types.ts'

const quiet = [said('c0.t0', 'hello there, agent'), ended('c0.t0', 'completed')]

export const process: Record<string, Examples> = {
  'process-survives': {
    holds: [quiet, [...quiet, noise('stderr', 'a word')]],
    breaks: [
      {
        history: [noise('exit', 'the process ended with code 1')],
        says: 'did not survive: the process ended',
      },
      {
        history: [...quiet, noise('rejection', 'Error: terminated')],
        says: 'unhandled rejection: Error: terminated',
      },
      {
        history: [...quiet, noise('exception', 'Error: no')],
        says: 'uncaught exception: Error: no',
      },
    ],
  },
  'process-stays-quiet': {
    holds: [quiet, [...quiet, noise('log', 'a record')]],
    breaks: [
      {
        history: [...quiet, noise('warning', 'MaxListenersExceededWarning: 11')],
        says: 'process warning: MaxListenersExceededWarning: 11',
      },
      { history: [...quiet, noise('stderr', 'could not parse')], says: 'written to stderr: could not parse' },
      { history: [...quiet, noise('stdout', 'hello')], says: 'written to stdout: hello' },
    ],
  },
  'no-egress': {
    holds: [quiet],
    breaks: [
      {
        history: [...quiet, noise('egress', 'POST https://telemetry.example/')],
        says: 'sent elsewhere: POST',
      },
    ],
  },
  'nothing-grows': {
    holds: [[growth({})], [growth({ runs: 1, responses: 1 })]],
    breaks: [
      {
        history: [growth({ listeners: 3 })],
        says: '3 listeners of ended runs are left on the signals of their callers',
        cause: 'listeners kept',
      },
      {
        history: [growth({ responses: 3 })],
        says: '3 responses of 3 ended runs are still in memory, expected at most 1',
        cause: 'responses kept',
      },
      { history: [growth({ spans: 6 })], says: '6 spans of 3 ended runs', cause: 'spans kept' },
    ],
  },
}

/** What is left of three ended runs of one conversation. */
function growth(more: Partial<Extract<HistoryEvent, { kind: 'growth' }>>): HistoryEvent {
  return {
    kind: 'growth',
    ended: 3,
    allowed: 1,
    runs: 0,
    responses: 0,
    spans: 0,
    listeners: 0,
    ...more,
  }
}
