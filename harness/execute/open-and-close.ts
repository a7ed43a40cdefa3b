import { checkTeam } from '../contract/adapter-given.ts'
import { describeError } from '../contract/error-shape.ts'
import { AdapterFault, type Runtime, type Team, type World } from '../contract/runtime.ts'
import type { Parts } from './parts.ts'
import type { Quiet } from './quiet/quiet.ts'

/**
 * Opens the runtime's team. Throws an `AdapterFault` if `open` does not settle in time, is rejected or returns no team. A runtime
 * in another process has its own bound, because its first `open` may import packages.
 */
export async function openTeam(runtime: Runtime, world: World, quiet: Quiet): Promise<Team> {
  const open = async () => runtime.open(world)
  const opened = runtime.remote ? open().catch(refuse('open()')) : waitInTime('open()', open, quiet)
  const team = checkTeam(await opened)
  quiet.attach(team)
  return team
}

/** Closes the team. Throws an `AdapterFault` if that fails, unless a run is still held: closing may wait for it, or fail at it. */
export async function closeTeam(team: Team, { conversations, history, quiet }: Parts): Promise<void> {
  try {
    await waitInTime('close()', async () => team.close(), quiet)
  } catch (error) {
    if (!conversations.some(({ isGivenUp, turn }) => isGivenUp || turn?.isDropped)) throw error
    const { message } = describeError(error)
    history.add({ kind: 'left-open', what: 'run', message: `${message} while a run was held` })
  }
}

/** Returns what the adapter promises. Throws an `AdapterFault` if the promise is rejected or does not settle in time. */
async function waitInTime<T>(what: string, work: () => Promise<T>, quiet: Quiet): Promise<T> {
  const promise = work()
  if (!(await quiet.settlesInTime(promise))) throw new AdapterFault(`${what} did not settle within its bound`)
  return promise.catch(refuse(what))
}

/** Returns a function that throws an `AdapterFault` for an error of the adapter. */
function refuse(what: string): (error: unknown) => never {
  return (error) => {
    throw new AdapterFault(`${what} was rejected`, error)
  }
}
