import type { History, HistoryEvent } from '../contract/events.ts'
import { findErrorName, findHost } from './causes.ts'
import type { Invariant, Violation } from './types.ts'

type Noise = Extract<HistoryEvent, { kind: 'noise' }>['what']

export const processSurvives: Invariant = {
  id: 'process-survives',
  level: 'must',
  statement: 'The process does not end, and every rejection and exception is handled.',
  source:
    'https://nodejs.org/api/cli.html#--unhandled-rejectionsmode (an unhandled rejection is thrown, and ends the process, by default); https://github.com/PostHog/posthog-js/issues/4074 (an instrumented stream that errs ends its host)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    findNoise(history, {
      exit: 'the process did not survive',
      rejection: 'unhandled rejection',
      exception: 'uncaught exception',
    }),
  countWitnesses: countRuns,
}

export const processStaysQuiet: Invariant = {
  id: 'process-stays-quiet',
  // No specification forbids a library to print.
  level: 'should',
  statement: 'The runtime causes no process warning and writes nothing to stdout or stderr.',
  source:
    'https://nodejs.org/api/process.html#event-warning (a warning tells of what may be a defect); https://github.com/google/adk-python/issues/6893 (a stream that succeeds logs an error each time)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    findNoise(history, {
      warning: 'process warning',
      stderr: 'written to stderr',
      stdout: 'written to stdout',
    }),
  countWitnesses: countRuns,
}

export const noEgress: Invariant = {
  id: 'no-egress',
  level: 'must',
  statement: 'Nothing is sent anywhere except to the service that the runtime was given.',
  source:
    'https://github.com/traceloop/openllmetry/issues/3006 (data go to a third party although telemetry is off)',
  since: '0.1.0',
  needs: [],
  check: (history) => findNoise(history, { egress: 'sent elsewhere' }),
  countWitnesses: countRuns,
}

function findNoise(history: History, meanings: Partial<Record<Noise, string>>): Violation[] {
  return history.flatMap((event, at) => {
    const meaning = event.kind === 'noise' ? meanings[event.what] : undefined
    return event.kind === 'noise' && meaning !== undefined
      ? [{ at, message: `${meaning}: ${event.message}`, cause: nameNoise(meaning, event.message) }]
      : []
  })
}

/** Returns what was noticed as words of a cause, with the class of the error, or the host, that the message names. */
function nameNoise(meaning: string, message: string): string {
  const named = findErrorName(message) ?? findHost(message)
  return named === undefined ? meaning : `${meaning}: ${named}`
}

export function countRuns(history: History): number {
  return history.filter(({ kind }) => kind === 'run.start').length
}
