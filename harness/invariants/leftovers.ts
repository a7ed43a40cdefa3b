import type { History } from '../contract/events.ts'
import { findRest, isOpenAtRest, isRequestOpenAt } from '../history/rest.ts'
import { groupByRun } from '../history/runs.ts'
import { leavesRunOpen } from '../plan/stop-kinds.ts'
import { countRuns } from './process.ts'
import { findOpenTools } from './stops.ts'
import type { Invariant, Violation } from './types.ts'

export const nothingLeftOpen: Invariant = {
  id: 'nothing-left-open',
  level: 'should',
  statement:
    'When all runs have ended, none of them has left a request, tool, timer or listener open. After the team is closed, no run, socket, timer or listener is left open.',
  source:
    'https://github.com/langchain-ai/langgraphjs/issues/1014 (listeners of abort signals pile up), https://github.com/tombii/better-ccflare/pull/360 (a connection is leaked with every consumer who leaves)',
  since: '0.1.0',
  needs: [],
  check(history) {
    const { close } = findRest(history)
    const left = history.flatMap((event, at): Violation[] => {
      if (event.kind !== 'left-open' || event.what === 'hook') return []
      const when = at < close ? 'when all runs had ended' : 'after the team was closed'
      return [
        {
          at,
          message: `still open ${when}: ${event.message}`,
          cause: `${event.what} left open${at < close ? ' by runs' : ''}`,
        },
      ]
    })
    return [...findLeftByRuns(history), ...left]
  },
  countWitnesses: countRuns,
}

/** Returns requests and tools that ended runs left open. Those that a stop must end are judged by other invariants. */
function findLeftByRuns(history: History): Violation[] {
  const rest = findRest(history)
  if (rest.atRest === history.length) return []
  return groupByRun(history).runs.flatMap((story): Violation[] => {
    if (isOpenAtRest(story)) return []
    const wasStopped = story.stopped !== undefined && !leavesRunOpen(story.stopped)
    const requests = wasStopped
      ? []
      : story.requests.filter((request) => isRequestOpenAt(request, rest.atRest))
    const tools = findOpenTools(story, rest).filter(
      ({ event }) => !event.ignoresSignal && (!wasStopped || !event.cancellable),
    )
    return [
      ...requests.map(({ at, asked }) => ({
        at,
        message: `request ${asked.request} is still open although run ${story.run} has ended`,
        cause: `request left open by a run that ${story.ended?.outcome.status}`,
      })),
      ...tools.map(({ at, event }) => ({
        at,
        message: `the tool ${event.name} is still on although run ${story.run} has ended`,
        cause: `tool left on by a run that ${wasStopped ? 'was stopped' : story.ended?.outcome.status}`,
      })),
    ]
  })
}

export const nothingLeftBehind: Invariant = {
  id: 'nothing-left-behind',
  // An adapter may close its runtime too early.
  level: 'should',
  statement:
    'When the team is closed and all is quiet, the runtime calls no hook or tool, starts or ends no span and sends no request.',
  source:
    'https://opentelemetry.io/docs/specs/otel/trace/sdk/#shutdown (no tracer is given out after the shutdown); https://github.com/mastra-ai/mastra/issues/24271 (calls go on after the end)',
  since: '0.1.0',
  needs: [],
  check: (history) =>
    history.flatMap((event, at) =>
      event.kind === 'left-behind'
        ? [{ at, message: `after the plan was over, ${event.message}`, cause: `late ${event.what}` }]
        : [],
    ),
  countWitnesses: countRuns,
}
