import type { Invariant } from './types.ts'

export const hooksReleasedWhenIdle: Invariant = {
  id: 'hooks-released-when-idle',
  level: 'must',
  statement:
    'When no run is active, telemetry has removed every hook that it registered, and keeps no replaced agent in memory.',
  source: `https://github.com/alibaba/loongsuite-python-agent/pull/184 (hooks are registered anew by each call and one call takes the other's away; agents are held weakly, for the id of one that was collected is used again)`,
  since: '0.1.0',
  needs: [],
  check: (history) =>
    history.flatMap((event, at) => {
      if (event.kind === 'left-open' && event.what === 'hook')
        return [
          {
            at,
            message: `hook still registered after the last run ended: ${event.message}`,
            cause: 'hook still registered',
          },
        ]
      if (event.kind !== 'collection' || !event.held?.length) return []
      const message = `replaced agents are still in memory: number ${event.held.join(' and ')}`
      return [{ at, message, cause: 'replaced agent kept in memory' }]
    }),
  countWitnesses: (history) =>
    history.filter(
      (event) =>
        (event.kind === 'registration' && event.at === 'register') ||
        (event.kind === 'left-open' && event.what === 'hook') ||
        (event.kind === 'collection' && event.held !== null),
    ).length,
}
