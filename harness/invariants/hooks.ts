import { eventsOf } from '../history/events.ts'
import type { Invariant } from './types.ts'

export const afterRunOnlyOnSuccess: Invariant = {
  id: 'after-run-only-on-success',
  level: 'must',
  statement:
    'A hook whose documentation means success never fires for a run that failed, was stopped or hung.',
  source: 'microsoft/agent-framework: after_run context providers fire on a streaming error',
  since: '0.1.0',
  needs: ['after_run'],
  check(history) {
    const statuses = new Map(eventsOf(history, 'run.end').map((event) => [event.run, event.outcome.status]))
    const fired = new Set(
      eventsOf(history, 'hook')
        .filter((event) => event.name === 'after_run')
        .map((event) => event.run),
    )
    return history.flatMap((event, at) => {
      if (event.kind === 'hook' && event.name === 'after_run' && event.run !== null) {
        const status = statuses.get(event.run) ?? 'hung'
        if (status === 'completed' || status === 'incomplete') return []
        return [{ at, message: `after_run fired for run ${event.run}, which ${status}` }]
      }
      if (event.kind === 'run.end' && event.outcome.status === 'completed' && !fired.has(event.run))
        return [
          { at, message: `after_run is declared, and did not fire for run ${event.run}, which completed` },
        ]
      return []
    })
  },
}
