import type { Fault } from '../types.ts'

type FaultKind = Fault['kind']

/**
 * Where each fault happens: in place of the answer, to the model while it answers, or to the connection that carries the
 * answer.
 */
const STAGES = {
  http: 'before-answer',
  'refuse-connection': 'before-answer',
  'error-event': 'model',
  failed: 'model',
  incomplete: 'model',
  eof: 'connection',
  reset: 'connection',
  stall: 'connection',
  garbage: 'connection',
} as const satisfies Record<FaultKind, 'before-answer' | 'model' | 'connection'>

type Stages = typeof STAGES
type KindAt<Stage> = { [Kind in FaultKind]: Stages[Kind] extends Stage ? Kind : never }[FaultKind]

/** A fault in place of the answer. */
export type EarlyFault = Extract<Fault, { kind: KindAt<'before-answer'> }>
/** A fault of the model. It changes the response itself. */
export type ModelFault = Extract<Fault, { kind: KindAt<'model'> }>
/** A fault of the connection. The response stays as it is. */
export type ConnectionFault = Extract<Fault, { kind: KindAt<'connection'> }>
/** A fault of an answer that has begun. */
export type StreamFault = ModelFault | ConnectionFault

export function isEarlyFault(fault: Fault): fault is EarlyFault {
  return STAGES[fault.kind] === 'before-answer'
}

export function isModelFault(fault: StreamFault): fault is ModelFault {
  return STAGES[fault.kind] === 'model'
}
