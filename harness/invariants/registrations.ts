import type { History } from '../contract/events.ts'
import type { Invariant, Violation } from './types.ts'

export const hooksReleasedWhenIdle: Invariant = {
  id: 'hooks-released-when-idle',
  level: 'must',
  statement:
    'When no run is active, telemetry has removed every hook that it registered, and keeps no replaced agent in memory. It reports no removal of a hook that is not registered.',
  source: `https://github.com/alibaba/loongsuite-python-agent/pull/184 (hooks are registered anew by each call and one call takes the other's away; agents are held weakly, for the id of one that was collected is used again)`,
  since: '0.1.0',
  needs: [],
  check: (history) => [...findHooksLeft(history), ...findUnregisteredRemovals(history)],
  countWitnesses: (history) =>
    history.filter(
      (event) =>
        (event.kind === 'registration' && event.at === 'register') ||
        (event.kind === 'left-open' && event.what === 'hook') ||
        (event.kind === 'collection' && event.held !== null),
    ).length,
}

/** Returns the hooks and the replaced agents that telemetry has kept. */
function findHooksLeft(history: History): Violation[] {
  return history.flatMap((event, at) => {
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
  })
}

/** Returns reports that a hook was removed that was not registered, or was removed before. A plan that disturbs hooks is left out. */
function findUnregisteredRemovals(history: History): Violation[] {
  const reports = history.flatMap((event, at) => (event.kind === 'registration' ? [{ at, event }] : []))
  if (reports.some(({ event }) => event.sabotage !== undefined)) return []
  const counts = new Map<string, number>()
  return reports.flatMap(({ at, event: { at: what, agent, instance, hook } }) => {
    if (hook === undefined || what === 'release') return []
    const key = `${instance} ${hook}`
    const count = (counts.get(key) ?? 0) + (what === 'register' ? 1 : -1)
    counts.set(key, Math.max(0, count))
    if (count >= 0) return []
    const message = `the hook ${hook} of agent ${agent} was reported as removed, but it was not registered`
    return [{ at, message, cause: 'hook removed that was not registered' }]
  })
}
