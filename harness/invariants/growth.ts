import type { History } from '../contract/events.ts'
import type { Invariant, Violation } from './types.ts'

/** What may stay in memory, with its name in messages. */
const KEPT = { runs: 'runs', responses: 'responses', spans: 'spans' } as const

export const nothingGrows: Invariant = {
  id: 'nothing-grows',
  level: 'must',
  statement:
    'When the runs of a long conversation have ended, they have left no listener on the signal of their caller. Ended runs, their responses and their spans can be collected as garbage, except for the last ones.',
  source:
    'https://github.com/langchain-ai/langgraphjs/issues/1014 (listeners of abort signals pile up), https://github.com/openai/openai-node/issues/1811 (a memory leak with each request), https://nodejs.org/api/events.html#emittersetmaxlistenersn (more than ten listeners hint at a leak)',
  since: '0.1.0',
  needs: [],
  check: (history) => history.flatMap((event, at) => (event.kind === 'growth' ? findGrowth(event, at) : [])),
  countWitnesses: (history) => history.filter(({ kind }) => kind === 'growth').length,
}

function findGrowth(event: Extract<History[number], { kind: 'growth' }>, at: number): Violation[] {
  const { listeners, ended, allowed } = event
  const kept = (Object.keys(KEPT) as (keyof typeof KEPT)[])
    .filter((what) => event[what] > allowed)
    .map((what) => ({
      at,
      message: `${event[what]} ${KEPT[what]} of ${ended} ended runs are still in memory, expected at most ${allowed}`,
      cause: `${what} kept`,
    }))
  if (listeners === 0) return kept
  const message = `${listeners} listeners of ended runs are left on the signals of their callers`
  return [...kept, { at, message, cause: 'listeners kept' }]
}
