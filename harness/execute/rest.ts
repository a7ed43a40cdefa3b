import type { Team } from '../contract/runtime.ts'
import type { GrowthWatch } from '../observe/growth.ts'
import type { LeftOpenWatch } from '../observe/left-open.ts'
import { closeTeam } from './open-and-close.ts'
import type { Parts } from './parts.ts'
import { releaseDropped } from './schedule/begin-and-end.ts'
import type { Clock } from './world/clock.ts'

/** What looks at a process whose runs have ended. */
export interface RestParts extends Parts {
  readonly leftOpen: LeftOpenWatch
  readonly growth: GrowthWatch
  /** Undefined where time is real: then timers are not counted. */
  readonly clock: Clock | undefined
}

/**
 * Waits until all is quiet after the last run, and records that. Everything that ended runs left behind still waits at its
 * gates, so what is open now was left open by a run.
 */
export async function comeToRest(parts: RestParts): Promise<void> {
  const { conversations, history, whoseTurn, quiet, leftOpen, growth, clock } = parts
  whoseTurn.giveTo(null)
  await quiet.waitUntilRest()
  const isRunOpen = conversations.some(({ isGivenUp, turn }) => isGivenUp || turn?.isDropped)
  const runs = history.events.filter(({ kind }) => kind === 'run.end').length
  if (!isRunOpen) for (const event of leftOpen.findLeftByRuns(runs, clock?.timers() ?? 0)) history.add(event)
  const left = isRunOpen ? undefined : await growth.measure()
  if (left !== undefined) history.add(left)
  history.add({ kind: 'at-rest' })
}

/** Lets go everything that still waits at a gate, then closes the team, and waits until all is quiet. */
export async function releaseAndClose(team: Team, parts: Parts): Promise<void> {
  const { conversations, gates, history, whoseTurn, quiet } = parts
  await releaseDropped(parts)
  whoseTurn.giveTo(null)
  const released = conversations.filter(({ number }) => gates.release(number))
  if (released.length > 0) await quiet.waitUntilIdle()
  history.add({ kind: 'close' })
  await closeTeam(team, parts)
  await quiet.waitUntilIdle()
}
