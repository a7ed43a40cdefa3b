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
}
