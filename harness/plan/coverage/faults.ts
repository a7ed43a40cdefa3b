import type { Answer, Fault } from '../../../mocks/service/types.ts'
import type { Capability } from '../../contract/runtime.ts'
import { hookNames } from '../schema.ts'
import type { Turn } from '../types.ts'
import { estimateEvents } from '../weight.ts'
import { buildCapabilityValues, buildValues, groupAs, type Word } from './word.ts'

/** What each kind of fault needs. An HTTP error is one of two values: clients repeat a request after some statuses. */
const faultNeeds = {
  http: [],
  'refuse-connection': [],
  'error-event': ['stream'],
  failed: [],
  incomplete: [],
  eof: [],
  reset: [],
  stall: ['abort'],
  garbage: [],
} satisfies Record<Fault['kind'], Capability[]>

const { http, ...otherFaults } = faultNeeds

/** Words about what goes wrong with an answer or in a hook. */
export const faultWords: readonly Word[] = [
  {
    name: 'fault',
    values: { 'http, retried': http, 'http, final': http, ...otherFaults },
    groups: {
      ...groupAs('in place of an answer', ['http, retried', 'http, final', 'refuse-connection']),
      ...groupAs('of the model', ['error-event', 'failed', 'incomplete']),
      ...groupAs('of the connection', ['eof', 'reset', 'garbage']),
    },
    read: ({ turns }) => listFaults(turns).map(({ fault }) => nameFault(fault)),
  },
  {
    // The place in a stream. A fault of a JSON answer has no place.
    name: 'place of a fault',
    values: buildValues(['the beginning', 'the middle', 'the end'], ['stream']),
    read: ({ turns }) => listFaults(turns).flatMap(namePlace),
  },
  {
    name: 'answer with a fault',
    values: buildValues(['the first', 'a later one']),
    read: ({ turns }) =>
      turns.flatMap(({ answers }) =>
        answers.flatMap(({ faults = [] }, at) =>
          faults.length === 0 ? [] : [at === 0 ? 'the first' : 'a later one'],
        ),
      ),
  },
  {
    name: 'faults of an answer',
    values: buildValues(['one', 'several']),
    read: ({ answers }) =>
      answers.flatMap(({ faults = [] }) =>
        faults.length === 0 ? [] : [faults.length === 1 ? 'one' : 'several'],
      ),
  },
  {
    name: 'hook that throws',
    values: buildCapabilityValues(hookNames),
    groups: groupAs('any', hookNames),
    read: ({ turns }) => turns.flatMap(({ breaks }) => breaks?.hook ?? []),
  },
]

interface PlacedFault {
  fault: Fault
  answer: Answer
  stream: boolean
}

function listFaults(turns: readonly Turn[]): PlacedFault[] {
  return turns.flatMap(({ answers, stream }) =>
    answers.flatMap((answer) => (answer.faults ?? []).map((fault) => ({ fault, answer, stream }))),
  )
}

function nameFault(fault: Fault): string {
  if (fault.kind !== 'http') return fault.kind
  return isRetried(fault.status) ? 'http, retried' : 'http, final'
}

function isRetried(status: number): boolean {
  return [408, 409, 429].includes(status) || status >= 500
}

function namePlace({ fault, answer, stream }: PlacedFault): string[] {
  if (!stream || !('at' in fault)) return []
  if (fault.at === 0) return ['the beginning']
  return [fault.at < estimateEvents(answer) ? 'the middle' : 'the end']
}
